using System.Collections.Immutable;
using System.Reflection;
using SpamGuard.Policies;

namespace SpamGuard.Tests.Policies;

public sealed class PolicyTests
{
    [Fact]
    public void Revision_OfEveryChangedPart_IsAnother()
    {
        var revisions = new HashSet<string> { Policy.Default.Revision() };
        foreach (var property in typeof(ScoringPolicy).GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.CanWrite))
        {
            var changed = ScoringPolicy.Default with { };
            property.SetValue(changed, Changed(property.GetValue(changed)));
            Assert.True(revisions.Add((Policy.Default with { SignUp = changed }).Revision()), property.Name);
            Assert.True(revisions.Add((Policy.Default with { Message = changed }).Revision()), property.Name);
        }

        Assert.True(revisions.Add((Policy.Default with { ReportsTrustedByDefault = false }).Revision()));
        Assert.True(revisions.Add((Policy.Default with { ReportsTrusted = Policy.Default.ReportsTrusted.Add("importer", false) }).Revision()));
        Assert.True(revisions.Add((Policy.Default with { Candidate = Policy.Default }).Revision()));
        Assert.True(revisions.Count > 90);
        Assert.Equal(Policy.Default.Revision(), Policy.Of(ScoringPolicy.Default with { }).Revision());
        Assert.Equal(16, Policy.Default.Revision().Length);
    }

    [Fact]
    public void TrustsReportsOf_CallerThatIsNamed_IsAsSaidAndOthersAreAsByDefault()
    {
        var policy = Policy.Default with { ReportsTrusted = Policy.Default.ReportsTrusted.Add("importer", false).Add("support", true) };

        Assert.Equal((false, true, true), (policy.TrustsReportsOf("importer"), policy.TrustsReportsOf("support"), policy.TrustsReportsOf("else")));
        Assert.False((policy with { ReportsTrustedByDefault = false }).TrustsReportsOf("else"));
    }

    [Fact]
    public void InForce_SignalsInShadowWithoutACandidate_MakeTheirOwn()
    {
        var shadowing = ScoringPolicy.Default with { ShadowSignals = [SignalCode.NetworkBurst] };
        var force = new PolicyInForce(Policy.Default with { SignUp = shadowing });

        Assert.Equal(0, force.For(EventKind.SignUp).Live.Weights[SignalCode.NetworkBurst]);
        Assert.Equal(1, force.For(EventKind.SignUp).Candidate!.Weights[SignalCode.NetworkBurst]);
        Assert.Equal([SignalCode.NetworkBurst], force.For(EventKind.SignUp).ShadowedSignals.Select(one => one.Signal));
        Assert.Null(force.For(EventKind.Message).Candidate);
    }

    private static object Changed(object? value) => value switch
    {
        bool flag => !flag,
        int number => number + 1,
        double number => number + .001,
        Verdict.Deny => Verdict.Throttle,
        SignalWeights weights => weights.With(SignalCode.Standing, .5),
        ImmutableSortedSet<SignalCode> signals => signals.Add(SignalCode.Standing),
        ImmutableSortedDictionary<string, TagPolicy> tags => tags.Add("tor", new TagPolicy(1, Cap: null)),
        FailurePolicy failure => failure with { GraceSeconds = 1 },
        _ => throw new InvalidOperationException($"How is a {value?.GetType()} changed?"),
    };
}
