using Grpc.Core;
using Grpc.Net.Client;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Callers;

/// <summary>Behind a sidecar the header says who calls; anywhere else it says nothing.</summary>
public sealed class SidecarTests(CallerServerFixture server) : IClassFixture<CallerServerFixture>
{
    private const string Header = "x-forwarded-client-cert";
    private static readonly string Scorer = $"By=spiffe://example.org/spamguard;Hash=ab12;Subject=\"CN=\\\"a,b;c\\\"\";URI={CallerServerFixture.Uri("r1")}";

    [Fact]
    public async Task Call_WithTheSidecarsHeader_IsThatCallers()
    {
        using var sidecar = Sidecar();

        var token = (await ScoreAsync(sidecar, Scorer)).Assessment.DecisionToken;

        Assert.Equal("r1", server.CallerOf(token));
    }

    [Fact]
    public async Task Call_SeveralElements_IsTheLastOnes()
    {
        using var sidecar = Sidecar();
        var forged = $"URI={CallerServerFixture.Uri("r31")}";

        Assert.Equal("r1", server.CallerOf((await ScoreAsync(sidecar, $"{forged},{Scorer}")).Assessment.DecisionToken));
        Assert.Equal("r1", server.CallerOf((await ScoreAsync(sidecar, forged, Scorer)).Assessment.DecisionToken));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Hash=ab12")]
    [InlineData("URI=\"spiffe://example.org/r1")]
    [InlineData("URI=spiffe://example.org/r1,")]
    public async Task Call_HeaderThatNamesNobody_IsUnauthenticated(string? header)
    {
        using var sidecar = Sidecar();

        var error = await RefusedAsync(sidecar, header is null ? [] : [header]);

        Assert.Equal(
            (StatusCode.Unauthenticated, "The sidecar names no client: x-forwarded-client-cert is missing, can't be read or has no URI and no DNS name."),
            (error.StatusCode, error.Status.Detail));
        Assert.Equal("FORWARDED_IDENTITY_MISSING", error.Info().Reason);
    }

    [Fact]
    public async Task Call_OneConnectionForSeveralCallers_TellsThemApart()
    {
        using var sidecar = Sidecar();
        await ScoreAsync(sidecar, Scorer);

        Assert.Equal("CALLER_UNKNOWN", (await RefusedAsync(sidecar, $"URI={CallerServerFixture.Uri("nobody")}")).Info().Reason);
        Assert.Equal("ROLE_MISSING", (await RefusedAsync(sidecar, $"URI={CallerServerFixture.Uri("r2")}")).Info().Reason);
        await ScoreAsync(sidecar, Scorer);
    }

    [Fact]
    public async Task ForgedHeader_OnTheListenerWithCertificates_GainsNothing()
    {
        var missing = await RefusedAsync(server.With(null), Scorer);
        var reporter = await RefusedAsync(server.As(CallerServerFixture.Roles("reporter")), Scorer);
        var own = await ScoreAsync(server.As("r1"), $"URI={CallerServerFixture.Uri("r31")}");

        Assert.Equal(("CERTIFICATE_MISSING", "ROLE_MISSING"), (missing.Info().Reason, reporter.Info().Reason));
        Assert.Equal("r1", server.CallerOf(own.Assessment.DecisionToken));
    }

    [Fact]
    public async Task ForgedHeader_InDevelopmentWithoutCertificates_GainsNothing()
    {
        var plain = new ServerFixture();
        await plain.InitializeAsync();

        var token = (await ScoreAsync(plain.Channel, Scorer)).Assessment.DecisionToken;

        Assert.Equal(SpamGuard.Feedback.TokenState.Valid, Tokens(plain).Open(token, out var decision));
        Assert.Equal("development", decision!.Caller);
        await plain.DisposeAsync();
    }

    private static SpamGuard.Feedback.DecisionTokens Tokens(ServerFixture fixture) => (SpamGuard.Feedback.DecisionTokens)fixture.Services.GetService(typeof(SpamGuard.Feedback.DecisionTokens))!;

    private static async Task<ScoreResponse> ScoreAsync(GrpcChannel channel, params string[] headers)
    {
        var metadata = new Metadata();
        foreach (var header in headers)
        {
            metadata.Add(Header, header);
        }

        return await new ScoringService.ScoringServiceClient(channel).ScoreAsync(new ScoreRequest { Event = Events.SignUp("27.0.0.1") }, metadata).ResponseAsync.DefaultTimeout();
    }

    private static Task<RpcException> RefusedAsync(GrpcChannel channel, params string[] headers) => Assert.ThrowsAsync<RpcException>(() => ScoreAsync(channel, headers));

    private GrpcChannel Sidecar() => GrpcChannel.ForAddress(server.Url(Listener.Sidecar));
}
