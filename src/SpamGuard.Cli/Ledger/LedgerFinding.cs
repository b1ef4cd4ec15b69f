using System.Globalization;
using System.Text.Json.Nodes;
using SpamGuard.Desk.Ledger;

namespace SpamGuard.Cli.Ledger;

/// <summary>What a verification found, and what that proves.</summary>
/// <param name="Head">The last entry that was found in order; <c>null</c> where there is none.</param>
/// <param name="Fault">What is wrong; <c>null</c> where nothing is.</param>
/// <param name="Proved">What is known now.</param>
/// <param name="NotProved">What is not.</param>
/// <param name="Open">Acts without an outcome; <c>null</c> where the entries were not seen.</param>
/// <param name="Unknown">Outcomes that nobody knows; <c>null</c> where the entries were not seen.</param>
internal sealed record LedgerFinding(LedgerHead? Head, string? Fault, string Proved, string NotProved, IReadOnlyList<long>? Open = null, long? Unknown = null)
{
    private const string CutOff = "Entries behind it can be cut off without a trace: only a head of them, kept elsewhere, would show that.";

    /// <summary>Of a whole ledger.</summary>
    public static LedgerFinding Of(LedgerVerification found, LedgerHead? since, string? publicKey)
    {
        var proved = "Every entry follows from the one before, is what was hashed, and is signed by the key that the first entry names or one that it handed over to.";
        proved += publicKey is null ? string.Empty : " The key that you gave is one of them.";
        proved += since is null ? string.Empty : Number($" Up to entry {since.Seq} nothing was changed, removed or put in since its head was kept.");
        var notProved = since is not null ? CutOff
            : publicKey is null ? "That is what the file says of itself: whoever has another key can make such a file. Give --public-key, or --since with a head that was kept elsewhere."
            : $"Whoever has the key can write another history. {CutOff} Give --since with a head that was kept elsewhere.";
        return new LedgerFinding(found.Head, found.Fault, proved, notProved, found.Open, found.Unknown);
    }

    /// <summary>Of digests.</summary>
    public static LedgerFinding OfDigests(string? fault, LedgerHead? since, LedgerHead head, string? publicKey)
    {
        var proved = Number($"The digests are those of the entries that the head of entry {head.Seq} covers, and it is signed.");
        proved += publicKey is null ? string.Empty : " Its key is the one that you gave.";
        proved += since is null ? string.Empty : Number($" Nothing up to entry {since.Seq} was changed, removed or put in since its head was kept.");
        var notProved = publicKey is null && since is null ? "Whose key it is: whoever has another can sign such a head. Give --public-key, or --since with a head that was kept elsewhere."
            : since is not null && !string.Equals(since.PublicKey, head.PublicKey, StringComparison.Ordinal)
                ? $"The heads are signed by different keys: that the one handed over to the other is to be seen in the ledger only. {CutOff}"
            : CutOff;
        return new LedgerFinding(head, fault, proved, notProved);
    }

    /// <summary>As JSON, names in snake_case.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["sound"] = Fault is null, ["fault"] = Fault, ["head"] = Head?.ToJson() };
        if (Open is not null)
        {
            json["open_intents"] = new JsonArray([.. Open.Select(static seq => JsonValue.Create(seq))]);
            json["unknown_outcomes"] = Unknown;
        }

        json["proved"] = Fault is null ? Proved : null;
        json["not_proved"] = Fault is null ? NotProved : null;
        return json;
    }

    /// <summary>As rows of a name and a value.</summary>
    public TextTable ToTable()
    {
        List<IReadOnlyList<string>> rows = [["result", Fault ?? "sound"]];
        if (Head is not null)
        {
            rows.AddRange([["ledger", Head.Ledger], ["entries", Number($"{Head.Seq}")], ["head", Head.Hash], ["time", Head.Time], ["public key", Head.PublicKey]]);
        }

        if (Open is not null)
        {
            rows.AddRange([["open intents", Open.Count == 0 ? "none" : string.Join(' ', Open)], ["unknown outcomes", Number($"{Unknown}")]]);
        }

        return new TextTable(["field", "value"], rows);
    }

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
