namespace SpamGuard.Tests.Desk.Ledger;

/// <summary>Whatever is changed in a ledger is found; what only a kept head finds is said to be.</summary>
public sealed class LedgerTamperTests
{
    [Fact]
    public void Verify_EverySingleBitFlipped_IsFound()
    {
        using var folder = new LedgerFolder();
        var ledger = folder.Write(acts: 1);
        for (var bit = 0; bit < 8 * ledger.Length; bit++)
        {
            ledger[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(LedgerFolder.Verify(ledger).Fault is not null, $"bit {bit}");
            ledger[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Null(LedgerFolder.Verify(ledger).Fault);
    }

    [Fact]
    public void Verify_AThousandRandomBitsFlipped_AreAllFoundWhereTheyAre()
    {
        using var folder = new LedgerFolder();
        var ledger = folder.Write(acts: 100);
        var random = new Random(20261126);
        for (var i = 0; i < 1000; i++)
        {
            var bit = random.Next(8 * ledger.Length);
            ledger[bit / 8] ^= (byte)(1 << (bit % 8));
            var line = 1 + ledger.AsSpan(0, bit / 8).Count((byte)'\n');
            Assert.StartsWith(FormattableString.Invariant($"line {line}: "), LedgerFolder.Verify(ledger).Fault, StringComparison.Ordinal);
            ledger[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Null(LedgerFolder.Verify(ledger).Fault);
    }

    [Fact]
    public void Verify_LinesMovedAbout_IsFound()
    {
        using var folder = new LedgerFolder();
        using var other = new LedgerFolder { KeyPath = folder.KeyPath }; // by the same key
        var (lines, others) = (LedgerText.Lines(folder.Write(acts: 3)), LedgerText.Lines(other.Write(acts: 3)));
        for (var i = 0; i < lines.Length; i++)
        {
            if (i < lines.Length - 1)
            {
                Found("removed", [.. lines[..i], .. lines[(i + 1)..]]);
                Found("swapped", [.. lines[..i], lines[i + 1], lines[i], .. lines[(i + 2)..]]);
            }

            Found("twice", [.. lines[..(i + 1)], lines[i], .. lines[(i + 1)..]]);
            Found("put in from another", [.. lines[..i], others[i], .. lines[i..]]);
            Found("replaced by another's", [.. lines[..i], others[i], .. lines[(i + 1)..]]);
            Found("empty line", [.. lines[..i], string.Empty, .. lines[i..]]);
            Found("CRLF", [.. lines[..i], lines[i] + "\r", .. lines[(i + 1)..]]);
            Found("a space", [.. lines[..i], lines[i] + " ", .. lines[(i + 1)..]]);
            Found("hex in capitals", [.. lines[..i], lines[i][..^130] + lines[i][^130..].ToUpperInvariant(), .. lines[(i + 1)..]]);
        }

        Found("all gone", []);

        static void Found(string what, string[] lines) => Assert.True(LedgerFolder.Verify(LedgerText.Of(lines)).Fault is not null, what);
    }

    [Fact]
    public void Verify_TailCutOff_IsFoundByAKeptHeadOnly()
    {
        using var folder = new LedgerFolder();
        var lines = LedgerText.Lines(folder.Write(acts: 3));
        var kept = folder.Verify().Head;
        var cut = LedgerText.Of(lines[..^2]);

        Assert.Null(LedgerFolder.Verify(cut).Fault);
        Assert.Equal("it ends before entry 7, of which a head was kept", LedgerFolder.Verify(cut, kept).Fault);
    }

    [Fact]
    public void Verify_HistoryRewrittenByWhoHasTheKey_IsFoundByAKeptHeadOnly()
    {
        using var folder = new LedgerFolder();
        var genuine = LedgerText.Lines(folder.Write(acts: 3));
        var kept = folder.Verify().Head!;
        File.WriteAllBytes(folder.FilePath, LedgerText.Of(genuine[..3]));
        var rewritten = folder.Write(acts: 3); // from entry 4 on, with the desk's own key

        Assert.Null(LedgerFolder.Verify(rewritten).Fault);
        Assert.Equal("line 7: it or one before it is not what it was when the head was kept", LedgerFolder.Verify(rewritten, kept).Fault);
    }

    [Fact]
    public void Verify_HeadOfAnotherLedger_IsNamedSo()
    {
        using var folder = new LedgerFolder();
        using var other = new LedgerFolder();
        folder.Write(acts: 1);
        other.Write(acts: 1);

        Assert.Equal("the head that was kept is of another ledger", folder.Verify(other.Verify().Head).Fault);
    }

    [Fact]
    public void Verify_HeadOfEveryEntry_IsMet()
    {
        using var folder = new LedgerFolder();
        var lines = LedgerText.Lines(folder.Write(acts: 3));
        for (var i = 1; i <= lines.Length; i++)
        {
            var head = LedgerFolder.Verify(LedgerText.Of(lines[..i])).Head!;
            Assert.Null(folder.Verify(head).Fault);
            Assert.NotNull(folder.Verify(head with { Time = "2026-11-26T12:00:00.001Z" }).Fault);
        }
    }
}
