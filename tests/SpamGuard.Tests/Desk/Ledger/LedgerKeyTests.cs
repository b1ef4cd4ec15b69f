using System.Text;
using System.Text.Json.Nodes;
using SpamGuard.Desk.Ledger;

namespace SpamGuard.Tests.Desk.Ledger;

/// <summary>Who signs a ledger, and how another key takes over.</summary>
public sealed class LedgerKeyTests
{
    [Fact]
    public void Open_WithTheKeyBefore_HandsOverAndVerifiesByEither()
    {
        using var folder = new LedgerFolder();
        folder.Write(acts: 1);
        var before = folder.Verify().Head!;
        folder.ChangeKey("next.key");
        var book = new ListBook();
        using (folder.Open(book))
        {
        }

        folder.Write(acts: 1); // both keys are named still: it is handed over once

        var found = folder.Verify(before);
        Assert.Equal((null, 6L), (found.Fault, found.Entries));
        Assert.NotEqual(before.PublicKey, found.Head!.PublicKey);
        Assert.Equal(LedgerAct.LedgerKeyChanged, book.Entries[^1].Act);
        Assert.Null(folder.Verify(publicKey: before.PublicKey).Fault);
        Assert.Null(folder.Verify(publicKey: found.Head.PublicKey).Fault);
        Assert.Equal("it was never signed with that key", folder.Verify(publicKey: new string('0', 64)).Fault);
    }

    [Fact]
    public void Open_HandOverThatEndedAtAnyByte_IsDoneAgain()
    {
        using var folder = new LedgerFolder();
        var before = LedgerText.Lines(folder.Write(acts: 1))[..2]; // in the middle of an act
        File.WriteAllBytes(folder.FilePath, LedgerText.Of(before));
        folder.ChangeKey("next.key");
        var after = LedgerText.Lines(folder.Write(acts: 0));
        Assert.Equal(4, after.Length); // the hand-over, and by the new key that nobody knows
        var handOver = LedgerText.Of(after[2]);
        for (var length = 0; length < handOver.Length; length += 7)
        {
            File.WriteAllBytes(folder.FilePath, [.. LedgerText.Of(before), .. handOver[..length]]);
            using (folder.Open())
            {
            }

            Assert.Equal((null, 4L, 1L), (folder.Verify().Fault, folder.Verify().Entries, folder.Verify().Unknown));
        }
    }

    [Fact]
    public void Open_WithAnotherKey_IsRefusedAndNothingIsEntered()
    {
        using var folder = new LedgerFolder();
        var ledger = folder.Write(acts: 1);
        folder.ChangeKey("next.key");
        folder.PreviousKeyPath = null;
        Assert.StartsWith("Ledger:KeyPath: found the key ", Assert.Throws<LedgerException>(() => folder.Open()).Message, StringComparison.Ordinal);

        folder.ChangeKey("third.key"); // the previous one is none of the ledger's
        Assert.StartsWith("Ledger:KeyPath: found the key ", Assert.Throws<LedgerException>(() => folder.Open()).Message, StringComparison.Ordinal);
        Assert.Equal(ledger, File.ReadAllBytes(folder.FilePath));
    }

    [Fact]
    public void Open_HistoryOfAStrangerHandedOverToTheDesksKey_IsRefused()
    {
        using var folder = new LedgerFolder();
        folder.Write(acts: 1);
        var genuine = folder.Verify().Head!;
        using var stranger = new LedgerFolder();
        var forged = LedgerText.Lines(stranger.Write(acts: 1));
        var head = stranger.Verify().Head!;
        using var key = LedgerKey.Read(stranger.KeyPath, out _)!;
        foreach (var proof in new[] { null, key.Sign(LedgerChain.HandOverText(head)), genuine.Signature })
        {
            // The desk's public key is known to everybody: that the forger names it must not be enough.
            var data = new JsonObject { [LedgerChain.PublicKeyName] = genuine.PublicKey, [LedgerChain.ProofName] = proof };
            var handOver = LedgerLine.Encode(new LedgerEntry(4, folder.Time.GetUtcNow(), LedgerPhase.Note, LedgerAct.LedgerKeyChanged, null, null, data), head.Ledger, head.Hash, key);
            File.WriteAllBytes(folder.FilePath, [.. LedgerText.Of(forged), .. handOver]);

            Assert.Equal("line 4: the key it names did not take over", folder.Verify().Fault);
            Assert.Contains("at line 4: the key it names did not take over", Assert.Throws<LedgerException>(() => folder.Open()).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Open_LastEntrySignedByAStranger_IsRefused()
    {
        using var folder = new LedgerFolder();
        var lines = LedgerText.Lines(folder.Write(acts: 1));
        using var stranger = new LedgerFolder();
        using var key = LedgerKey.Read(stranger.KeyPath, out _)!;
        var before = LedgerFolder.Verify(LedgerText.Of(lines[..1])).Head!;
        var forged = LedgerLine.Encode(new LedgerEntry(2, folder.Time.GetUtcNow(), LedgerPhase.Note, LedgerAct.EpochRoll, null, null, []), before.Ledger, before.Hash, key);
        File.WriteAllBytes(folder.FilePath, [.. LedgerText.Of(lines[..1]), .. forged]);

        Assert.Contains("the last entry is not signed by the ledger's key", Assert.Throws<LedgerException>(() => folder.Open()).Message, StringComparison.Ordinal);
        Assert.Equal("line 2: its signature is not that of the ledger's key", folder.Verify().Fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMC4CAQ==\n-----END PRIVATE KEY-----\n")]
    public void Open_KeyFileThatIsNone_SaysSo(string text)
    {
        using var folder = new LedgerFolder();
        File.WriteAllText(folder.KeyPath, text, Encoding.ASCII);

        Assert.StartsWith($"Ledger:KeyPath: found '{folder.KeyPath}', no such key; allowed is ", Assert.Throws<LedgerException>(() => folder.Open()).Message, StringComparison.Ordinal);
    }
}
