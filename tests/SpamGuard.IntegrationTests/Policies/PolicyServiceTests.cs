using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Policies;

/// <summary>What a process says of its policy, with a file and without.</summary>
public sealed class PolicyServiceTests(PolicyServerFixture withFile, ServerFixture without) : IClassFixture<PolicyServerFixture>, IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Get_PolicyOfAFile_IsWholeWithItsDefaultsAndItsCandidate()
    {
        var answer = await new PolicyService.PolicyServiceClient(withFile.Channel).GetAsync(new PolicyServiceGetRequest());

        Assert.Equal((PolicySource.File, 16), (answer.Source, answer.PolicyRevision.Length));
        Assert.InRange(TimeProvider.System.GetUtcNow() - answer.LoadTime.ToDateTimeOffset(), TimeSpan.Zero, TimeSpan.FromMinutes(10));
        Assert.Equal(["memory", "message", "reports", "sign_up", "test_addresses"], answer.Policy.Fields.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("THROTTLE", At(answer.Policy, "sign_up", "cap").StringValue);
        Assert.Equal("DENY", At(answer.Policy, "message", "cap").StringValue);
        Assert.Equal(1.2, At(answer.Policy, "sign_up", "tags", "tor", "weight").NumberValue);
        Assert.Equal(1.6, At(answer.Policy, "sign_up", "limits", "wide").NumberValue);
        Assert.False(At(answer.Policy, "memory", "account").BoolValue);
        Assert.Equal("5m", At(answer.Policy, "message", "failure", "grace").StringValue);
        Assert.Equal(["message", "sign_up"], answer.Candidate.Fields.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("CHALLENGE", At(answer.Candidate, "sign_up", "cap").StringValue);
        Assert.Equal("DENY", At(answer.Candidate, "message", "cap").StringValue);
        Assert.Empty(answer.Faults);
    }

    [Fact]
    public async Task Get_WithoutAFile_IsTheBuiltInPolicy()
    {
        var answer = await new PolicyService.PolicyServiceClient(without.Channel).GetAsync(new PolicyServiceGetRequest());

        Assert.Equal((PolicySource.BuiltIn, SpamGuard.Policies.Policy.Default.Revision()), (answer.Source, answer.PolicyRevision));
        Assert.Null(answer.Candidate);
        Assert.Equal(.05, At(answer.Policy, "sign_up", "prior", "probability").NumberValue);
    }

    [Fact]
    public async Task Get_AsJson_IsTheSame()
    {
        using var json = JsonDocument.Parse(await withFile.GetAsync(Listener.Http, "/v1/policy"));

        var answer = await new PolicyService.PolicyServiceClient(withFile.Channel).GetAsync(new PolicyServiceGetRequest());
        Assert.Equal(answer.PolicyRevision, json.RootElement.GetProperty("policyRevision").GetString());
        Assert.Equal("POLICY_SOURCE_FILE", json.RootElement.GetProperty("source").GetString());
        Assert.Equal("THROTTLE", json.RootElement.GetProperty("policy").GetProperty("sign_up").GetProperty("cap").GetString());
        Assert.Equal("CHALLENGE", json.RootElement.GetProperty("candidate").GetProperty("sign_up").GetProperty("cap").GetString());
    }

    [Fact]
    public async Task Revision_OfAnswerMetricAndService_IsOne()
    {
        var answer = await withFile.Scoring.ScoreAsync(new ScoreRequest { Event = new Event { Kind = EventKind.SignUp, Address = "61.0.0.1" } });

        var revision = (await new PolicyService.PolicyServiceClient(withFile.Channel).GetAsync(new PolicyServiceGetRequest())).PolicyRevision;
        Assert.Equal(revision, answer.Assessment.PolicyRevision);
        Assert.Contains($"spamguard_policy_info{{revision=\"{revision}\"}} 1\n", await withFile.MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_WithACandidateInTheFile_TellsItsVerdictAndCountsIt()
    {
        Assessment assessment;
        var request = new ScoreRequest { Event = new Event { Kind = EventKind.SignUp, Address = "62.0.0.1" } };
        do
        {
            request.RequestId = Guid.NewGuid().ToString();
            assessment = (await withFile.Scoring.ScoreAsync(request)).Assessment;
        }
        while (assessment.Verdict != Verdict.Throttle);

        var retry = (await withFile.Scoring.ScoreAsync(request)).Assessment;

        Assert.Equal((Verdict.Challenge, false), (assessment.ShadowVerdict, assessment.Replayed));
        Assert.Equal((Verdict.Throttle, Verdict.Challenge, true), (retry.Verdict, retry.ShadowVerdict, retry.Replayed));
        Assert.Contains(
            "spamguard_shadow_assessments_total{event_kind=\"sign_up\",live=\"THROTTLE\",candidate=\"CHALLENGE\"} 1\n", await withFile.MetricsAsync(), StringComparison.Ordinal);
    }

    private static Value At(Struct root, params string[] path) =>
        path.Skip(1).Aggregate(root.Fields[path[0]], (value, part) => value.StructValue.Fields[part]);
}
