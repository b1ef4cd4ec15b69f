using System.Reflection;

namespace SpamGuard.Policies.Files;

/// <summary>
/// The keys of a policy file: the one table that reader, schema, <c>spamguard policy</c> and <c>PolicyService.Get</c> follow. It is made of the
/// attributes at the constants (<see cref="PolicyKeyAttribute"/>).
/// </summary>
internal static class PolicyKeys
{
    /// <summary>The section that counts for every kind of events.</summary>
    public const string Defaults = "defaults";

    /// <summary>The section of the candidate.</summary>
    public const string Shadow = "shadow";

    private static readonly IReadOnlyList<PolicyKey<Policy>> OfWholeFile = [.. InBothKinds(string.Empty, static key => key.IsOfWholeFile)];

    private static readonly IReadOnlyList<PolicyKey<Policy>> OfSignUps =
        [.. InOneKind(EventKind.SignUp, static policy => policy.SignUp, static (policy, change) => policy with { SignUp = change(policy.SignUp) })];

    private static readonly IReadOnlyList<PolicyKey<Policy>> OfMessages =
        [.. InOneKind(EventKind.Message, static policy => policy.Message, static (policy, change) => policy with { Message = change(policy.Message) })];

    private static readonly IReadOnlyList<PolicyKey<Policy>> OfReports = [TrustedByDefault(), Trusted()];

    private static readonly IReadOnlyList<PolicyKey<Policy>> OfCandidate = [.. OfSignUps.Concat(OfMessages).Where(static key => !key.IsLiveOnly).Select(InShadow)];

    /// <summary>All keys that a file may hold, in the order in which they count: a later one overrules an earlier one.</summary>
    public static IReadOnlyList<PolicyKey<Policy>> All { get; } =
    [
        .. OfWholeFile,
        .. InBothKinds(Defaults, static key => !key.IsOfWholeFile),
        .. OfSignUps,
        .. OfMessages,
        .. OfReports,
        .. InBothKinds(Defaults, static key => !key.IsLiveOnly).Select(InShadow),
        .. OfCandidate,
    ];

    /// <summary>All constants that make up a policy, and its candidate where there is one.</summary>
    public static IEnumerable<PolicyLeaf> Leaves(Policy policy) =>
        OfWholeFile.Concat(OfSignUps).Concat(OfMessages).Concat(OfReports).Concat(policy.Candidate is null ? [] : OfCandidate).SelectMany(key => key.Leaves(policy));

    private static IEnumerable<PolicyKey<Policy>> InOneKind(
        EventKind kind, Func<Policy, ScoringPolicy> of, Func<Policy, Func<ScoringPolicy, ScoringPolicy>, Policy> change) =>
        ScoringKeys.All.Where(static key => !key.IsOfWholeFile).Select(key => key.In(kind.Name(), of, change));

    private static IEnumerable<PolicyKey<Policy>> InBothKinds(string section, Func<PolicyKey<ScoringPolicy>, bool> which) => ScoringKeys.All.Where(which).Select(key =>
        key.In<Policy>(
            section, static policy => policy.SignUp, static (policy, change) => policy with { SignUp = change(policy.SignUp), Message = change(policy.Message) }));

    // What a candidate says is laid over the policy as it will be, for its keys count last.
    private static PolicyKey<Policy> InShadow(PolicyKey<Policy> key) => key.In<Policy>(
        Shadow, static policy => policy.Candidate ?? policy, static (policy, change) => policy with { Candidate = change(policy.Candidate ?? policy) });

    private static PolicyKey<Policy> TrustedByDefault()
    {
        var key = Of(nameof(Policy.ReportsTrustedByDefault));
        return new(
            key.Path,
            key.Meaning,
            PolicyValue.Flag,
            static (policy, _) => policy.ReportsTrustedByDefault,
            static (policy, _, value) => policy with { ReportsTrustedByDefault = (bool)value });
    }

    private static PolicyKey<Policy> Trusted()
    {
        var key = Of(nameof(Policy.ReportsTrusted));
        return new(
            $"{key.Path}.{PolicyNames.Any}",
            key.Meaning,
            PolicyValue.Flag,
            static (policy, name) => policy.ReportsTrusted.TryGetValue(name, out var trusted) ? trusted : null,
            static (policy, name, value) => policy with { ReportsTrusted = policy.ReportsTrusted.SetItem(name, (bool)value) })
        {
            Names = PolicyNames.Callers,
            NamesOf = static policy => policy.ReportsTrusted.Keys,
        };
    }

    private static PolicyKeyAttribute Of(string property) => typeof(Policy).GetProperty(property)!.GetCustomAttribute<PolicyKeyAttribute>()!;
}
