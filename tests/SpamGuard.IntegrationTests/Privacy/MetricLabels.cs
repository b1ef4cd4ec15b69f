using System.Globalization;
using System.Text.RegularExpressions;
using Grpc.Core;
using SpamGuard.Desk.Audit;
using SpamGuard.Desk.Disclosures;
using SpamGuard.Feedback;
using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Scoring;
using SpamGuard.Server.Callers;
using SpamGuard.Storage;
using SpamGuard.Tags;

namespace SpamGuard.IntegrationTests.Privacy;

/// <summary>Every label that a metric may have, with the values that it may have: few, known from the start, and no caller's.</summary>
internal static partial class MetricLabels
{
    private static readonly string[] VerdictNames = [.. Verdicts.All.Select(Verdicts.Name)];
    private static readonly string[] ServiceNames = [.. ServiceDescriptors.All.Select(static service => service.FullName), "grpc.health.v1.Health"];
    private static readonly string[] MethodNames = [.. ServiceDescriptors.All.SelectMany(static service => service.Methods).Select(static method => method.Name), "Check", "Watch"];

    private static readonly Dictionary<string, Predicate<string>> Allowed = new(StringComparer.Ordinal)
    {
        ["candidate"] = OneOf(VerdictNames),
        ["category"] = OneOf([.. Enum.GetValues<DisclosureCategory>().Select(DisclosureEntries.Name)]),
        ["certificate"] = OneOf("client", "server", "authority"),
        ["class"] = OneOf([.. RetentionClass.Salted.Select(static retention => retention.Name), RetentionClass.Aggregate.Name, "salt"]),
        ["code"] = static code => ReasonCodes.All.Contains(code, StringComparer.Ordinal) || (ReasonCodes.IsTag(code) && TagName.IsOne(code.ToLowerInvariant())), // a file's name
        ["event_kind"] = OneOf("sign_up", "message"),
        ["fault"] = OneOf([.. KeyFaults.All.Select(KeyFaults.Name)]),
        ["files"] = OneOf("tls", "callers", "denied"),
        ["generation"] = OneOf("0", "1", "2"), // of the garbage collector
        ["grpc_code"] = OneOf(Enum.GetNames<StatusCode>()),
        ["grpc_method"] = OneOf(MethodNames),
        ["grpc_service"] = OneOf(ServiceNames),
        ["grpc_type"] = OneOf("unary", "server_stream"),
        ["kind"] = OneOf(["circuit_open", "malformed", "refused", "timeout", "unavailable", .. Keys.Kinds.Select(static kind => kind.Letter.ToString())]),
        ["label"] = OneOf([.. OutcomeLabels.All.Select(OutcomeLabels.Name)]),
        ["le"] = static value => value == "+Inf" || double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
        ["live"] = OneOf(VerdictNames),
        ["metric_type"] = OneOf("counter", "gauge", "histogram", "summary"),
        ["operation"] = OneOf("add", "epoch", "observe", "read", "report", "time"),
        ["outcome"] = OneOf(["clean", "violation", "incomplete", .. Enum.GetValues<DisclosureOutcome>().Select(DisclosureEntries.Name)]),
        ["quality"] = OneOf([.. Qualities.All.Select(Qualities.Name)]),
        ["reason"] = OneOf(["duplicate", "state_expired", "untrusted", .. Refusals.All.Select(Refusals.Reason)]),
        ["result"] = OneOf("applied", "rejected", "held", "nothing_held", "erased", "unconfirmed", "refused", "unavailable"),
        ["revision"] = Revision().IsMatch, // of the operator's policy
        ["runtime"] = Version().IsMatch,
        ["setting"] = OneOf([.. StoreSettings.All.Select(static setting => setting.Name)]),
        ["state"] = OneOf("ok", "wrong", "unknown"),
        ["tag"] = TagName.IsOne, // a file's name
        ["verdict"] = OneOf([.. VerdictNames, "unknown"]),
        ["version"] = Version().IsMatch,
    };

    /// <summary>The labels of a scrape that are not allowed, or have a value that is not.</summary>
    public static IReadOnlyList<string> Faults(string scrape) =>
    [
        .. scrape.Split('\n').Where(static line => !line.StartsWith('#')).SelectMany(static line => Label().Matches(line))
            .Select(static match => (Name: match.Groups["name"].Value, Value: match.Groups["value"].Value))
            .Distinct()
            .Where(static label => !Allowed.TryGetValue(label.Name, out var isAllowed) || !isAllowed(label.Value))
            .Select(static label => Allowed.ContainsKey(label.Name) ? $"{label.Name} has a value that it may not have" : $"{label.Name} is no label that a metric may have"),
    ];

    private static Predicate<string> OneOf(params string[] values) => value => values.Contains(value, StringComparer.Ordinal);

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>(?:[^"\\]|\\.)*)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Label();

    [GeneratedRegex("^[0-9a-f]{16}$")]
    private static partial Regex Revision();

    // Not one that could be an IPv4 address: three numbers, and what a build adds.
    [GeneratedRegex(@"^[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.-]+)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Version();
}
