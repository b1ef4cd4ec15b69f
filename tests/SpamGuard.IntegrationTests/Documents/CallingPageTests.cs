using Google.Api;
using Google.Protobuf.Reflection;
using SpamGuard.Policies;
using SpamGuard.Server.Callers;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Documents;

/// <summary>What callers are told of the calls and the reasons is what there is.</summary>
public sealed class CallingPageTests
{
    [Fact]
    public void Calls_InTheTable_AreThoseOfTheServices()
    {
        var services = new[] { ScoringService.Descriptor, FeedbackService.Descriptor, PolicyService.Descriptor, OverrideService.Descriptor, EpochService.Descriptor, SubjectService.Descriptor, DisclosureService.Descriptor, TransparencyService.Descriptor };
        var served = services.SelectMany(static service => service.Methods).Select(static method => ($"{method.Service.Name}/{method.Name}", Http(method))).Append(("Authorization/Check", "GET /authz")).ToList();

        Assert.Equal(served.Order(), Pages.NamedRows("## Every call").Select(static row => (row[0], row[1].Trim('`'))).Order());

        // Whatever else is served is of the ecosystem: health and reflection.
        Assert.Equal(
            served.Select(static call => call.Item1).Order(StringComparer.Ordinal),
            MethodRoles.All.Keys.Where(static path => !path.StartsWith("/grpc.", StringComparison.Ordinal)).Select(static path => path[(path.LastIndexOf('.') + 1)..]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Reasons_InTheTable_AreThoseOfTheModelAndItsNotices() => Assert.Equal(
        ReasonCodes.All.Append("TAG_…").Order(StringComparer.Ordinal), Pages.NamedRows("## Reasons").Select(static row => row[0]).Order(StringComparer.Ordinal));

    [Fact]
    public void Labels_InTheTable_AreThoseThatCanBeReported() => Assert.Equal(
        FeedbackServiceReflection.Descriptor.EnumTypes.Single(static one => one.Name == nameof(OutcomeLabel)).Values.Skip(1).Select(static value => value.Name).Order(StringComparer.Ordinal),
        Pages.NamedRows("## Outcomes").Select(static row => row[0]).Order(StringComparer.Ordinal));

    [Fact]
    public void Thresholds_InTheTableOfVerdicts_AreThoseOfTheDefaultPolicy()
    {
        var policy = ScoringPolicy.Default;
        var from = Pages.NamedRows("## Verdicts").ToDictionary(static row => row[0], static row => row[2], StringComparer.Ordinal);

        Assert.Equal(["p < .30", "p ≥ .30", "p ≥ .60", "p ≥ .90"], (string[])[from["ALLOW"], from["CHALLENGE"], from["THROTTLE"], from["DENY"]]);
        Assert.Equal((.30, .60, .90), (policy.ChallengeFrom, policy.ThrottleFrom, policy.DenyFrom));
    }

    private static string Http(MethodDescriptor method) => method.GetOptions()?.GetExtension(AnnotationsExtensions.Http) switch
    {
        null => "none",
        { PatternCase: HttpRule.PatternOneofCase.Get } rule => $"GET {rule.Get}",
        { PatternCase: HttpRule.PatternOneofCase.Post } rule => $"POST {rule.Post}",
        var other => throw new ArgumentOutOfRangeException(nameof(method), other.PatternCase, "A kind of binding that the table does not know."),
    };
}
