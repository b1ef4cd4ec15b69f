using System.Text.Json;
using System.Text.Json.Nodes;
using SpamGuard.Desk.Ledger;

namespace SpamGuard.Desk.Disclosures;

/// <summary>How orders stand in the ledger. Names are a contract: old ledgers are read for ever.</summary>
internal static class DisclosureEntries
{
    /// <summary>The end of an order's validity, in unix seconds.</summary>
    public const string ValidUntilName = "valid_until";

    /// <summary>The end of its secrecy, in unix seconds; not there where it is not secret.</summary>
    public const string WithholdUntilName = "withhold_until";

    private const string IdName = "disclosure";
    private const string SubjectsName = "subjects";
    private const string CommitmentsName = "commitments";
    private const string DecisionName = "decision";
    private const string ReasonName = "reason";
    private const string HeldName = "held";
    private const string DisclosedName = "subjects_disclosed";

    /// <summary>An order that is opened.</summary>
    public static JsonObject Open(string id, OrderFacts facts, OrderCommitments commitments)
    {
        var data = Of(id, facts, commitments.Subjects.Length);
        data[CommitmentsName] = new JsonObject
        {
            ["key"] = commitments.Key,
            ["reference"] = commitments.Reference,
            ["authority"] = commitments.Authority,
            ["addresses"] = new JsonArray([.. commitments.Subjects.Select(static one => (JsonNode)one)]),
        };
        return data;
    }

    /// <summary>A request that is refused for its category.</summary>
    public static JsonObject Refuse(string id, OrderFacts facts, int subjects)
    {
        var data = Of(id, facts, subjects);
        data[ReasonName] = "category_not_allowed";
        return data;
    }

    /// <summary>A decision.</summary>
    public static JsonObject Decide(string id, DecisionKind kind, string reason)
    {
        var data = new JsonObject { [IdName] = id, [DecisionName] = Name(kind) };
        if (reason.Length > 0)
        {
            data[ReasonName] = reason;
        }

        return data;
    }

    /// <summary>An execution.</summary>
    public static JsonObject Execute(string id) => new() { [IdName] = id };

    /// <summary>What an execution came to.</summary>
    public static JsonObject Executed(HeldExtent held, int disclosed) => new() { [HeldName] = Name(held), [DisclosedName] = (long)disclosed };

    /// <summary>Which order an entry is about; empty where it names none.</summary>
    public static string IdOf(LedgerEntry entry) => entry.Text(IdName) ?? string.Empty;

    /// <summary>An order by its intent; <c>null</c> where the entry is of a version that this one can't read.</summary>
    public static Disclosure? Opened(LedgerEntry entry)
    {
        if (entry is not { By: { } by } || IdOf(entry) is not { Length: > 0 } id
            || Value<AuthorityType>(entry, "authority_type") is not { } authority || Value<LegalProcess>(entry, "legal_process") is not { } process
            || Value<DisclosureCategory>(entry, "category") is not { } category || Time(entry, ValidUntilName) is not { } validUntil
            || entry.Text("country") is not { } country || entry.Number(SubjectsName) is not { } subjects || Commitments(entry.Data[CommitmentsName]) is not { } commitments)
        {
            return null;
        }

        var facts = new OrderFacts(country, authority, process, category, validUntil, Time(entry, WithholdUntilName));
        return new Disclosure(id, entry.Seq, entry.Time, by, facts, (int)subjects) { Commitments = commitments };
    }

    /// <summary>A decision by its intent; <c>null</c> likewise.</summary>
    public static OrderDecision? Decided(LedgerEntry entry) =>
        entry is { By: { } by } && KindOf(entry) is { } kind ? new OrderDecision(entry.Time, by, kind, entry.Text(ReasonName) ?? string.Empty) : null;

    /// <summary>What the intent of a decision says; <c>null</c> likewise.</summary>
    public static DecisionKind? KindOf(LedgerEntry entry) => Value<DecisionKind>(entry, DecisionName);

    /// <summary>What an execution came to, by its outcome.</summary>
    public static (HeldExtent? Held, int Disclosed) Executed(LedgerEntry entry) => (Value<HeldExtent>(entry, HeldName), (int)(entry.Number(DisclosedName) ?? 0));

    /// <summary>How a value is written, such as <c>child_exploitation</c>.</summary>
    public static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>A time of an entry; <c>null</c> where there is none.</summary>
    public static DateTimeOffset? Time(LedgerEntry entry, string name) =>
        entry.Number(name) is { } seconds && seconds >= DateTimeOffset.MinValue.ToUnixTimeSeconds() && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static JsonObject Of(string id, OrderFacts facts, int subjects)
    {
        var data = new JsonObject
        {
            [IdName] = id,
            ["country"] = facts.Country,
            ["authority_type"] = Name(facts.AuthorityType),
            ["legal_process"] = Name(facts.LegalProcess),
            ["category"] = Name(facts.Category),
            [ValidUntilName] = facts.ValidUntil.ToUnixTimeSeconds(),
            [SubjectsName] = (long)subjects,
        };
        if (facts.WithholdUntil is { } withheld)
        {
            data[WithholdUntilName] = withheld.ToUnixTimeSeconds();
        }

        return data;
    }

    private static OrderCommitments? Commitments(JsonNode? node)
    {
        try
        {
            return node is JsonObject data && data["addresses"] is JsonArray addresses
                ? new OrderCommitments((string)data["key"]!, (string)data["reference"]!, (string)data["authority"]!, [.. addresses.Select(static one => (string)one!)])
                : null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentNullException)
        {
            return null;
        }
    }

    private static T? Value<T>(LedgerEntry entry, string name)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (string.Equals(Name(value), entry.Text(name), StringComparison.Ordinal))
            {
                return value;
            }
        }

        return null;
    }
}
