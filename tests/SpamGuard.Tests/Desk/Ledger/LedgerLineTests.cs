using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using SpamGuard.Desk.Ledger;

namespace SpamGuard.Tests.Desk.Ledger;

public sealed class LedgerLineTests
{
    private const string Marks = "{}[]\\\",:0-ne";

    private static readonly Gen<string> Texts = Gen.OneOf(Gen.Char['\0', '\ud7ff'].Array[0, 20].Select(static chars => new string(chars)), Gen.Const("\ud83d\ude00\"\\/</script>"));

    private static readonly Gen<JsonObject> Data = Gen.Select(Texts, Texts, Gen.Long, Gen.Bool, Gen.Double[-1e9, 1e9]).Array[0, 4].Select(static parts =>
    {
        var data = new JsonObject();
        foreach (var (name, text, whole, truth, number) in parts)
        {
            data[name] = new JsonObject { ["text"] = text, ["whole"] = whole, ["list"] = new JsonArray(truth, number, null, new JsonObject()) };
        }

        return data;
    });

    private static readonly Gen<LedgerEntry> Entries = Gen.Select(
        Gen.Long[1, long.MaxValue], Gen.Long[0, 253_402_300_799_999], Gen.Enum<LedgerPhase>(), Gen.Enum<LedgerAct>(), Gen.Long.Nullable(), Texts, Data,
        static (seq, time, phase, act, intent, text, data) => new LedgerEntry(
            seq, DateTimeOffset.FromUnixTimeMilliseconds(time), phase, act, intent, text.Length % 3 == 0 ? null : new LedgerActor(text, text + "1", "2" + text), data));

    [Fact]
    public void TryRead_OfWhatEncodeWrote_IsTheSame()
    {
        using var key = LedgerKey.ForThisRun();
        Entries.Sample(
            entry =>
            {
                var bytes = LedgerLine.Encode(entry, null, LedgerLine.NoHash, key);
                Assert.True(LedgerLine.TryRead(bytes.AsSpan(0, bytes.Length - 1), out var line, out var fault), fault);
                Assert.Equal(entry with { Data = line.Entry.Data }, line.Entry);
                Assert.True(JsonNode.DeepEquals(entry.Data, line.Entry.Data));
                Assert.Equal(bytes.Length - 1, bytes.AsSpan().IndexOf((byte)'\n'));
            },
            iter: 2000,
            threads: 1);
    }

    [Theory]
    [InlineData("{\"seq\":1,", "{ \"seq\":1,")]
    [InlineData("{\"seq\":1,", "{\"seq\":1.0,")]
    [InlineData("{\"seq\":1,", "{\"seq\":1,\"more\":1,")]
    [InlineData("{\"seq\":1,", "{\"seq\":1,\"seq\":1,")]
    [InlineData("\"phase\":\"note\",\"act\":\"epoch_roll\"", "\"act\":\"epoch_roll\",\"phase\":\"note\"")]
    [InlineData("\"act\":\"epoch_roll\"", "\"act\":\"epoch_\\u0072oll\"")]
    [InlineData("\"act\":\"epoch_roll\"", "\"act\":\"Epoch_roll\"")]
    [InlineData("\"act\":\"epoch_roll\"", "\"act\":7")]
    [InlineData("\"act\":\"epoch_roll\"", "\"act\":null")]
    [InlineData("\"act\":\"epoch_roll\"", "\"act\":\"epoch_roll\",\"intent\":null")]
    [InlineData("\"act\":\"epoch_roll\"", "\"act\":\"epoch_roll\",\"by\":{\"caller\":\"a\",\"identity\":null,\"key\":\"\"}")]
    [InlineData("\"act\":\"epoch_roll\"", "\"act\":\"epoch_roll\",\"by\":null")]
    [InlineData("{\"x\":1}", "{\"x\":1,\"x\":2}")]
    [InlineData("{\"x\":1}", "{\"x\":{\"y\":1,\"y\":2}}")]
    [InlineData("{\"x\":1}", "[]")]
    [InlineData("{\"x\":1}", "{\"x\":1}}")]
    [InlineData("{\"x\":1}", "{\"x\":1} ")]
    [InlineData(".000Z", ".000+00:00")]
    [InlineData(".000Z", "Z")]
    public void TryRead_EntryInAnotherSpelling_IsNone(string from, string to)
    {
        using var key = LedgerKey.ForThisRun();
        var entry = new LedgerEntry(1, DateTimeOffset.UnixEpoch, LedgerPhase.Note, LedgerAct.EpochRoll, null, null, new JsonObject { ["x"] = 1 });
        var line = Encoding.UTF8.GetString(LedgerLine.Encode(entry, null, LedgerLine.NoHash, key).AsSpan()[..^1]);
        var content = Encoding.UTF8.GetString(LedgerLine.ContentOf(Encoding.UTF8.GetBytes(line)));
        Assert.Contains(from, content, StringComparison.Ordinal);
        var other = content.Replace(from, to, StringComparison.Ordinal);
        var old = LedgerLine.HashOf(LedgerLine.NoHash, LedgerLine.DigestOf(Encoding.UTF8.GetBytes(content)));
        var hash = LedgerLine.HashOf(LedgerLine.NoHash, LedgerLine.DigestOf(Encoding.UTF8.GetBytes(other))); // by whoever has the key too

        Assert.True(LedgerLine.TryRead(Encoding.UTF8.GetBytes(line), out _, out _));
        Assert.False(LedgerLine.TryRead(Encoding.UTF8.GetBytes(line.Replace(content, other, StringComparison.Ordinal).Replace(old, hash, StringComparison.Ordinal)), out _, out var fault));
        Assert.Equal("it is no entry that this version can read", fault);
    }

    [Fact]
    public void TryRead_AnyBytes_NeverThrows()
    {
        Gen.Byte.Array[0, 400].Sample(bytes => Assert.False(LedgerLine.TryRead(bytes, out _, out _)), iter: 5000);
        using var key = LedgerKey.ForThisRun();
        var line = LedgerLine.Encode(new LedgerEntry(1, DateTimeOffset.UnixEpoch, LedgerPhase.Note, LedgerAct.EpochRoll, null, null, []), null, LedgerLine.NoHash, key);
        for (var length = 0; length < line.Length - 1; length++)
        {
            Assert.False(LedgerLine.TryRead(line.AsSpan(0, length), out _, out _));
        }
    }

    [Fact]
    public void Read_EntryOfWhichBytesWereReplaced_NeverThrows()
    {
        using var key = LedgerKey.ForThisRun();
        var entry = new LedgerEntry(7, DateTimeOffset.UnixEpoch, LedgerPhase.Outcome, LedgerAct.EpochRoll, 6, new LedgerActor("a", "b", "c"), new JsonObject { ["x"] = new JsonArray(1, "y", null) });
        var content = LedgerLine.ContentOf(LedgerLine.Encode(entry, null, LedgerLine.NoHash, key).AsSpan()[..^1]).ToArray();
        var puts = Gen.Select(Gen.Int[0, content.Length - 1], Gen.OneOf(Gen.Byte, Gen.Int[0, Marks.Length - 1].Select(static i => (byte)Marks[i]))).Array[1, 4];
        puts.Sample(
            replaced =>
            {
                var other = (byte[])content.Clone();
                foreach (var (at, value) in replaced)
                {
                    other[at] = value;
                }

                // What is read is what would be written: two spellings of one entry there are not.
                Assert.True(LedgerEntryJson.Read(other) is not { } read || LedgerEntryJson.Write(read).Length == other.Length);
            },
            iter: 20_000);
    }

    [Fact]
    public void Lines_OfAStreamThatGivesAnyNumberOfBytes_AreTheSame() => Gen.Select(Gen.Int[0, 3].Select(static i => (byte)(i == 0 ? '\n' : 'a')).Array[0, 300], Gen.Int[1, 50]).Sample((bytes, most) =>
    {
        using var stream = new ThriftyStream(bytes, most);
        var lines = LedgerLines.Read(stream).Select(static line => (line.Number, line.Offset, Text: Encoding.ASCII.GetString(line.Bytes.Span), line.IsWhole)).ToList();

        Assert.Equal(Encoding.ASCII.GetString(bytes), string.Concat(lines.Select(static line => line.Text + (line.IsWhole ? "\n" : string.Empty))));
        Assert.All(lines.Index(), static pair => Assert.Equal(pair.Index + 1, pair.Item.Number));
        Assert.All(lines, line => Assert.Equal(line.Text, Encoding.ASCII.GetString(bytes, (int)line.Offset, line.Text.Length)));
        Assert.All(lines.SkipLast(1), static line => Assert.True(line.IsWhole));
    });

    [Fact]
    public void Lines_OneWithoutEnd_IsGivenUp()
    {
        using var stream = new MemoryStream(new byte[10 * LedgerLine.MaxBytes]);

        var line = Assert.Single(LedgerLines.Read(stream));

        Assert.False(line.IsWhole);
        Assert.InRange(stream.Position, LedgerLine.MaxBytes, 3 * LedgerLine.MaxBytes);
    }

    private sealed class ThriftyStream(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, most));
    }

    [Fact]
    public void Encode_Twice_HasAnotherDigest()
    {
        using var key = LedgerKey.ForThisRun();
        var entry = new LedgerEntry(1, DateTimeOffset.UnixEpoch, LedgerPhase.Note, LedgerAct.EpochRoll, null, null, []);

        Assert.NotEqual(
            SHA256.HashData(LedgerLine.ContentOf(LedgerLine.Encode(entry, null, LedgerLine.NoHash, key).AsSpan()[..^1])), SHA256.HashData(LedgerLine.ContentOf(LedgerLine.Encode(entry, null, LedgerLine.NoHash, key).AsSpan()[..^1])));
    }
}
