using System.Reflection;

namespace SpamGuard.Policies.Files;

/// <summary>The keys of a section that says how one kind of events is judged: every constant of <see cref="ScoringPolicy"/>.</summary>
internal static class ScoringKeys
{
    /// <summary>In the order of the code.</summary>
    public static IReadOnlyList<PolicyKey<ScoringPolicy>> All { get; } =
        [.. Marked<ScoringPolicy>().SelectMany(static property => Of(property, property.GetCustomAttribute<PolicyKeyAttribute>()!))];

    private static IEnumerable<PropertyInfo> Marked<TOwner>() => typeof(TOwner).GetProperties().Where(static property => property.IsDefined(typeof(PolicyKeyAttribute)));

    private static IEnumerable<PolicyKey<ScoringPolicy>> Of(PropertyInfo property, PolicyKeyAttribute key) => property.Name switch
    {
        nameof(ScoringPolicy.Weights) => PolicyValue.Weighable.Select(code => new PolicyKey<ScoringPolicy>(
            $"{key.Path}.{code.Name()}",
            key.Meaning,
            PolicyValue.Number(key.Min, key.Max),
            (policy, _) => policy.Weights[code],
            (policy, _, value) => policy with { Weights = policy.Weights.With(code, (double)value) })),
        nameof(ScoringPolicy.Failure) => Marked<FailurePolicy>().Select(part => Single<FailurePolicy>(part, static failure => failure with { }).In<ScoringPolicy>(
            key.Path, static policy => policy.Failure, static (policy, change) => policy with { Failure = change(policy.Failure) })),
        nameof(ScoringPolicy.Tags) => Marked<TagPolicy>().Select(part => Tag(key.Path, Single<TagPolicy>(part, static tag => tag with { }))),
        _ => [Single<ScoringPolicy>(property, static policy => policy with { })],
    };

    private static PolicyKey<TOwner> Single<TOwner>(PropertyInfo property, Func<TOwner, TOwner> copy)
    {
        var key = property.GetCustomAttribute<PolicyKeyAttribute>()!;
        return new(key.Path, key.Meaning, PolicyValue.Of(property, key), (owner, _) => property.GetValue(owner), With)
        {
            IsOfWholeFile = key.IsOfWholeFile,
            IsLiveOnly = key.IsLiveOnly || key.IsOfWholeFile,
        };

        TOwner With(TOwner owner, string name, object value)
        {
            var changed = copy(owner);
            property.SetValue(changed, value);
            return changed;
        }
    }

    private static PolicyKey<ScoringPolicy> Tag(string path, PolicyKey<TagPolicy> key) => new(
        $"{path}.{PolicyNames.Any}.{key.Path}",
        key.Meaning,
        key.Value,
        (policy, name) => policy.Tags.TryGetValue(name, out var tag) ? key.Get(tag, name) : null,
        (policy, name, value) => policy with { Tags = policy.Tags.SetItem(name, key.With(policy.Tags.GetValueOrDefault(name, TagPolicy.None), name, value)) })
    {
        Names = PolicyNames.Tags,
        NamesOf = static policy => policy.Tags.Keys,
    };
}
