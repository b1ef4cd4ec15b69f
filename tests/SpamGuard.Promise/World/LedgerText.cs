using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SpamGuard.Promise.World;

/// <summary>A ledger as somebody reads it who has the file and its description, and nothing of the product's code.</summary>
/// <param name="Entries">What it says.</param>
/// <param name="Fault">Where a hash is not that of what stands before it; <c>null</c> where every one is.</param>
internal sealed record LedgerText(IReadOnlyList<WrittenEntry> Entries, string? Fault)
{
    /// <summary>Reads the file, while a desk writes it too.</summary>
    public static LedgerText Read(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), Encoding.UTF8);
        var (entries, last, fault) = (new List<WrittenEntry>(), new string('0', 64), default(string));
        foreach (var line in reader.ReadToEnd().Split('\n')[..^1])
        {
            if (Parsed(line) is not { } entry)
            {
                fault ??= $"line {entries.Count + 1} is no JSON";
                continue;
            }

            if (entry.Prev != last || entry.Hash != Digest($"spamguard-ledger-entry:v1:{entry.Prev}:{Digest(entry.Raw)}"))
            {
                fault ??= $"line {entries.Count + 1} is not chained to the one before";
            }

            last = entry.Hash;
            entries.Add(entry);
        }

        return new LedgerText(entries, fault);
    }

    /// <summary>Every intent of an act, with its outcomes: one, if all is well.</summary>
    public IEnumerable<(WrittenEntry Intent, IReadOnlyList<WrittenEntry> Outcomes)> Of(string act) =>
        Entries.Where(entry => entry.Act == act && entry.Phase == "intent")
            .Select(intent => (intent, (IReadOnlyList<WrittenEntry>)[.. Entries.Where(entry => entry.Phase == "outcome" && entry.Intent == intent.Seq)]));

    /// <summary>What was done of an act: intents with what became of them.</summary>
    public IEnumerable<(WrittenEntry Intent, WrittenEntry Outcome)> DoneOf(string act) =>
        Of(act).Where(static one => one.Outcomes is [{ Result: "done" }]).Select(static one => (one.Intent, one.Outcomes[0]));

    /// <summary>The signed head, as it is kept: of the last entry.</summary>
    public string Head() => JsonSerializer.Serialize(new
    {
        ledger = Entries[0].Hash,
        seq = Entries[^1].Seq,
        time = Entries[^1].Time,
        hash = Entries[^1].Hash,
        public_key = Entries[0].Text("public_key"),
        signature = Entries[^1].Signature,
    });

    private static WrittenEntry? Parsed(string line)
    {
        try
        {
            using var parsed = JsonDocument.Parse(line);
            var root = parsed.RootElement.Clone();
            var entry = root.GetProperty("entry");
            return new WrittenEntry(
                entry.GetRawText(),
                entry.GetProperty("seq").GetInt64(),
                entry.GetProperty("time").GetString()!,
                entry.GetProperty("phase").GetString()!,
                entry.GetProperty("act").GetString()!,
                entry.TryGetProperty("intent", out var intent) ? intent.GetInt64() : null,
                entry.GetProperty("data"),
                root.GetProperty("prev").GetString()!,
                root.GetProperty("hash").GetString()!,
                root.GetProperty("signature").GetString()!);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>A line of a ledger.</summary>
internal sealed record WrittenEntry(
    string Raw, long Seq, string Time, string Phase, string Act, long? Intent, JsonElement Data, string Prev, string Hash, string Signature)
{
    /// <summary>Of an outcome, how it went.</summary>
    public string? Result => Text("result");

    /// <summary>A text of what is said; <c>null</c> where there is none.</summary>
    public string? Text(string name) => Data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A number of what is said; 0 where there is none.</summary>
    public long Number(string name) => Data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : 0;
}
