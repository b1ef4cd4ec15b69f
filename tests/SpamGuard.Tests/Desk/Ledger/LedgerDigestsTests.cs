using SpamGuard.Desk.Ledger;

namespace SpamGuard.Tests.Desk.Ledger;

/// <summary>From the digests of entries alone one gets from a kept head to a later one.</summary>
public sealed class LedgerDigestsTests
{
    [Fact]
    public void Fault_DigestsOfALedger_LeadFromAnyHeadToAnyLaterOne()
    {
        using var folder = new LedgerFolder();
        var ledger = folder.Write(acts: 3);
        var heads = Heads(ledger);
        for (var since = 0; since < heads.Count; since++)
        {
            for (var head = since; head < heads.Count; head++)
            {
                Assert.Null(Fault(Digests(ledger), heads[since], heads[head]));
                Assert.Equal(head == since, Fault(Digests(ledger)[(since + 1)..], heads[since], heads[head]) is not null); // no digest proves nothing
                Assert.Null(Fault(Digests(ledger)[..(head + 1)], null, heads[head]));
            }
        }
    }

    [Fact]
    public void Fault_AnythingChanged_IsFound()
    {
        using var folder = new LedgerFolder();
        var ledger = folder.Write(acts: 3);
        var heads = Heads(ledger);
        var (digests, since, head) = (Digests(ledger), heads[2], heads[^1]);
        for (var i = 0; i < digests.Length; i++)
        {
            var other = digests[i][..^1] + (digests[i][^1] == '0' ? '1' : '0');
            Assert.StartsWith("line ", Fault([.. digests[..i], other, .. digests[(i + 1)..]], since, head), StringComparison.Ordinal);
            Assert.NotNull(Fault([.. digests[..i], .. digests[(i + 1)..]], since, head));
            Assert.Equal(i == digests.Length - 1, Fault([.. digests[..i], digests[i], .. digests[i..]], since, head) is null); // what comes behind the head is not looked at
        }

        Assert.Equal("they end before entry 7, the head's", Fault(digests[..^1], since, head));
        Assert.Equal("the head that was kept is the later one", Fault(digests, head, since));
    }

    [Fact]
    public void Fault_RewrittenHistory_IsFound()
    {
        using var folder = new LedgerFolder();
        var genuine = folder.Write(acts: 3);
        var since = Heads(genuine)[4];
        File.WriteAllBytes(folder.FilePath, LedgerText.Of(LedgerText.Lines(genuine)[..3]));
        var rewritten = folder.Write(acts: 2);

        Assert.Equal("line 5: it or one before it is not what it was when the head was kept", Fault(Digests(rewritten), since, Heads(rewritten)[^1]));
        Assert.Equal("line 2: it or one before it is not what the head signs", Fault(Digests(rewritten)[5..], since, Heads(rewritten)[^1]));
        Assert.Equal("line 7: it or one before it is not what the head signs", Fault(Digests(genuine), null, Heads(rewritten)[^1]));
        Assert.Equal("the two heads are of the same entry, and not the same", Fault([], Heads(genuine)[^1], Heads(rewritten)[^1]));
    }

    [Fact]
    public void Read_AfterAnEntry_LooksAtNoneBefore()
    {
        using var folder = new LedgerFolder();
        var lines = LedgerText.Lines(folder.Write(acts: 2));
        var expected = Digests(LedgerText.Of(lines))[3..];

        Assert.Equal(expected, LedgerDigests.Read(new MemoryStream(LedgerText.Of(["no entry", "", "", .. lines[3..]])), after: 3, upTo: long.MaxValue));
    }

    [Fact]
    public void Fault_AnotherLedger_IsFound()
    {
        using var folder = new LedgerFolder();
        using var other = new LedgerFolder { KeyPath = folder.KeyPath };
        var (ledger, another) = (folder.Write(acts: 1), other.Write(acts: 1));

        Assert.Equal("the two heads are of different ledgers", Fault(Digests(ledger), Heads(another)[0], Heads(ledger)[^1]));
        Assert.Equal("line 1: the ledger of the head begins with another entry", Fault(Digests(another), null, Heads(ledger)[^1]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1 ")]
    [InlineData("1 00")]
    [InlineData("x 0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("1 000000000000000000000000000000000000000000000000000000000000000G")]
    [InlineData("1  000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("1 0000000000000000000000000000000000000000000000000000000000000000\r")]
    public void Fault_NoDigest_SaysSo(string line)
    {
        using var folder = new LedgerFolder();

        Assert.Equal("line 1: it is no digest: a number, a space and 64 digits of hex", Fault([line], null, Heads(folder.Write(acts: 1))[^1]));
    }

    private static string[] Digests(byte[] ledger) => [.. LedgerDigests.Read(new MemoryStream(ledger), after: 0, upTo: long.MaxValue)];

    private static List<LedgerHead> Heads(byte[] ledger) =>
        [.. LedgerText.Lines(ledger).Select((_, i) => LedgerFolder.Verify(LedgerText.Of(LedgerText.Lines(ledger)[..(i + 1)])).Head!)];

    private static string? Fault(string[] digests, LedgerHead? since, LedgerHead head) => LedgerDigests.Fault(new MemoryStream(LedgerText.Of(digests)), since, head);
}
