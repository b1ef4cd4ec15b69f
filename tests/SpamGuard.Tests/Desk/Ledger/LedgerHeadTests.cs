using System.Text;
using SpamGuard.Desk.Ledger;

namespace SpamGuard.Tests.Desk.Ledger;

public sealed class LedgerHeadTests
{
    [Fact]
    public void Open_OlderCopyThatIsPutBack_IsOpenedAndSaysFromWhichHeadItGoesOn()
    {
        using var folder = new LedgerFolder();
        folder.Write(acts: 1);
        var (older, was) = (File.ReadAllBytes(folder.FilePath), folder.Verify().Head!);
        folder.Write(acts: 2);
        var kept = folder.Verify().Head!;
        using (folder.Open())
        {
        }

        File.WriteAllBytes(folder.FilePath, older);
        using (folder.Open())
        {
        }

        var said = folder.Logger.Entries.Where(static entry => entry.Id == EventIds.LedgerOpened).Select(static entry => entry.Text).ToList();
        Assert.Equal(
            new[] { was, kept, was }.Select(static head => FormattableString.Invariant($"The desk goes on from the head of ledger {head.Ledger} at entry {head.Seq}, {head.Hash}")), said);
        Assert.NotNull(folder.Verify(kept).Fault);
    }

    [Fact]
    public void TryRead_OfToJson_IsTheSame()
    {
        using var folder = new LedgerFolder();
        using var ledger = folder.Open();
        var json = ledger.Head.ToJson();

        Assert.Equal(["ledger", "seq", "time", "hash", "public_key", "signature"], json.Select(static member => member.Key));
        Assert.True(LedgerHead.TryRead(Encoding.UTF8.GetBytes(json.ToJsonString()), out var head, out var fault), fault);
        Assert.Equal(ledger.Head, head);
    }

    [Theory]
    [InlineData("no JSON object", "{", "")]
    [InlineData("no JSON object", "{", "[")]
    [InlineData("no JSON object", "\"seq\":1", "\"seq\":\"1\"")]
    [InlineData("no JSON object", "\"seq\":1", "\"seq\":1,\"seq\":1")]
    [InlineData("no JSON object", "\"seq\":1", "\"seq\":1,\"more\":1")]
    [InlineData("no JSON object", "\"seq\":1,", "")]
    [InlineData("no JSON object", "\"time\":\"2026-11-26T12:00:00.000Z\"", "\"time\":null")]
    [InlineData("a seq below 1", "\"seq\":1", "\"seq\":0")]
    [InlineData("a ledger or hash that is not", "\"ledger\":\"", "\"ledger\":\"0")]
    [InlineData("a ledger or hash that is not", "\"hash\":\"", "\"hash\":\"G")]
    [InlineData("a signature that is not", "\"seq\":1", "\"seq\":2")]
    [InlineData("a signature that is not", "12:00:00.000Z", "12:00:00.001Z")]
    [InlineData("a signature that is not", "\"public_key\":\"", "\"public_key\":\"0")]
    [InlineData("a signature that is not", "\"signature\":\"", "\"signature\":\"0")]
    public void TryRead_Spoiled_SaysWhatIsWrong(string expected, string from, string to)
    {
        using var folder = new LedgerFolder();
        using var ledger = folder.Open();
        var json = ledger.Head.ToJson().ToJsonString();
        Assert.Contains(from, json, StringComparison.Ordinal);

        Assert.False(LedgerHead.TryRead(Encoding.UTF8.GetBytes(json.Replace(from, to, StringComparison.Ordinal)), out _, out var fault));
        Assert.StartsWith(expected, fault, StringComparison.Ordinal);
    }
}
