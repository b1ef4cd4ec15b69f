using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using SpamGuard.Policies;
using SpamGuard.Policies.Files;

namespace SpamGuard.Tests.Policies;

public sealed class PolicyKeysTests
{
    public static TheoryData<Type> Owners => [typeof(ScoringPolicy), typeof(FailurePolicy), typeof(TagPolicy)];

    [Theory]
    [MemberData(nameof(Owners))]
    public void Constants_All_HaveAKey(Type owner) => Assert.Empty(
        owner.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.CanWrite && property.GetCustomAttribute<PolicyKeyAttribute>() is null)
            .Select(property => property.Name));

    [Fact]
    public void Constants_OfAPolicy_HaveAKeyOrAreSections() => Assert.Equal(
        [nameof(Policy.SignUp), nameof(Policy.Message), nameof(Policy.Candidate)],
        typeof(Policy).GetProperties().Where(property => property.CanWrite && property.GetCustomAttribute<PolicyKeyAttribute>() is null).Select(property => property.Name));

    [Fact]
    public void Keys_All_AreWrittenInOneStyleAndMeanSomething()
    {
        Assert.Equal(PolicyKeys.All.Count, PolicyKeys.All.Select(key => key.Path).Distinct(StringComparer.Ordinal).Count());
        Assert.All(PolicyKeys.All, key => Assert.Matches(@"^[a-z_]+(\.([a-z_]+|[A-Z_]+|\*))*\z", key.Path));
        Assert.All(PolicyKeys.All, key => Assert.EndsWith(".", key.Meaning, StringComparison.Ordinal));
    }

    [Fact]
    public void Defaults_OfEveryNumber_AreWithinItsRange() => Assert.All(
        PolicyKeys.Leaves(Policy.Default), leaf => Assert.Equal(leaf.Value, leaf.Kind.Read(Node(leaf.Json()))));

    [Fact]
    public void Write_AnyPolicy_IsReadAsTheSame()
    {
        var everything = Everything();
        Assert.Equal(everything.Revision(), PolicyFile.Read(Encoding.UTF8.GetBytes(PolicyDocument.Of(everything).ToJsonString())).Policy!.Revision());
        Assert.Equal(Policy.Default.Revision(), PolicyFile.Read(Encoding.UTF8.GetBytes(PolicyDocument.Of(Policy.Default).ToJsonString())).Policy!.Revision());
    }

    [Fact]
    public void With_EveryKey_ChangesItsConstantAndNoOther()
    {
        var before = PolicyKeys.Leaves(Policy.Default).ToDictionary(leaf => leaf.Path, leaf => leaf.Text(), StringComparer.Ordinal);
        foreach (var key in PolicyKeys.All.Where(key => key.Names is null && !key.Path.StartsWith(PolicyKeys.Shadow, StringComparison.Ordinal)))
        {
            var changed = key.With(Policy.Default, string.Empty, Another(key.Get(Policy.Default, string.Empty)!));

            var differing = PolicyKeys.Leaves(changed).Where(leaf => leaf.Text() != before[leaf.Path]).Select(leaf => leaf.Path);
            Assert.Equal(
                key.Path.StartsWith("defaults.", StringComparison.Ordinal) ? [key.Path.Replace("defaults", "sign_up"), key.Path.Replace("defaults", "message")] : [key.Path],
                differing);
        }
    }

    private static Policy Everything()
    {
        var policy = Policy.Default;
        foreach (var key in PolicyKeys.All.Where(key => !key.Path.Contains("thresholds", StringComparison.Ordinal)))
        {
            var name = key.Names is null ? string.Empty : "a";
            policy = key.With(policy, name, Another(key.Get(policy, name) ?? key.Path.Split('.')[^1] switch { "weight" => 1.0, "cap" => Verdict.Deny, _ => false }));
        }

        Assert.NotNull(policy.Candidate);
        return policy;
    }

    private static object Another(object value) => value switch
    {
        bool flag => !flag,
        int number => number + 1,
        double number => number + .001,
        FailureAnswer.Local => FailureAnswer.Challenge,
        FailureAnswer => FailureAnswer.Local,
        Verdict.Allow => Verdict.Challenge,
        Verdict => Verdict.Allow,
        System.Collections.Immutable.ImmutableSortedSet<SignalCode> signals => signals.Add(signals.IsEmpty ? SignalCode.Standing : SignalCode.AccountRate),
        _ => throw new InvalidOperationException($"How is a {value.GetType()} changed?"),
    };

    private static PolicyNode Node(JsonNode json) => json is JsonArray list
        ? new PolicyNode(1) { Items = [.. list.Select(item => Node(item!))] }
        : new PolicyNode(1) { Text = json.ToString(), IsQuoted = json.GetValueKind() == System.Text.Json.JsonValueKind.String };
}
