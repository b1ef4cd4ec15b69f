using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Http;

/// <summary>What a scraper finds.</summary>
public sealed class MetricsEndpointTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Metrics_BeforeAnyCall_HoldEverySeriesAtZero()
    {
        var text = await server.MetricsAsync();

        Assert.Contains("spamguard_build_info{", text, StringComparison.Ordinal);
        foreach (var verdict in (string[])["ALLOW", "CHALLENGE", "THROTTLE", "DENY"])
        {
            Assert.Matches($$"""spamguard_assessments_total\{event_kind="sign_up",verdict="{{verdict}}",quality="[^"]+"\} 0""", text);
        }

        Assert.Contains("""spamguard_feedback_total{label="spam",verdict="DENY"} 0""", text, StringComparison.Ordinal);
        Assert.Contains(
            """grpc_server_handled_total{grpc_service="spamguard.v1.ScoringService",grpc_method="Score",grpc_type="unary",grpc_code="Unavailable"} 0""",
            text,
            StringComparison.Ordinal);
    }
}
