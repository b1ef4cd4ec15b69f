extern alias cli;

using cli::SpamGuard.Cli;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;
using SpamGuard.IntegrationTests.Callers;
using SpamGuard.Server.Listeners;
using SpamGuard.Storage;
using SpamGuard.Testing;
using HealthClient = Grpc.Health.V1.Health.HealthClient;

namespace SpamGuard.IntegrationTests.Cli;

/// <summary><c>spamguard doctor</c> on a server that knows its callers by their certificates.</summary>
public sealed class DoctorTests(CallerServerFixture server) : IClassFixture<CallerServerFixture>
{
    private string Url => server.Url(Listener.Grpc);

    private string[] Ca => ["--ca", server.Mounted.Authority.CaPath];

    [Fact]
    public async Task Doctor_EverythingIsRight_SaysOkOfEveryCheck()
    {
        var run = await DoctorRun.SettledAsync(Url, [.. Ca, .. Own("r31"), "--role", "scorer", "--role", "legal"]);

        Assert.Equal(ExitCodes.Ok, run.Code);
        Assert.All(run.Checks, static check => Assert.Equal(("ok", ""), (check.State, check.Fix)));
        Assert.Equal(15, run.Checks.Count);
        Assert.Equal("r31", run["caller"].Found);
        Assert.StartsWith("scorer, reporter, operator, privacy, legal; may call here: ", run["roles"].Found, StringComparison.Ordinal);
        Assert.Contains("EpochService/Roll", run["roles"].Found, StringComparison.Ordinal);
        Assert.Equal("server 0.1.0, this program 0.1.0", run["version"].Found);
        Assert.Contains("sign_up up to DENY, message up to DENY", run["policy"].Found, StringComparison.Ordinal);
        Assert.Matches("^median of 15 empty health calls: [0-9.]+ ms; a preview takes [0-9.]+ times as long$", run["latency"].Found);
        Assert.DoesNotContain("192.0.2.", run.Output + run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_CallerWithoutARole_SaysWhatItMayAndFailsWhereTheRoleIsWanted()
    {
        string[] reporter = [.. Ca, .. Own(CallerServerFixture.Roles("reporter"))];

        DoctorRun? run = null;
        await Poll.UntilAsync(async () =>
        {
            await DoctorRun.SettledAsync(Url, [.. Ca, .. Own("r31")]); // whose previews end an outage
            return (run = await DoctorRun.OfAsync(Url, reporter))["store"].State is "ok";
        }).TimeoutAfter(TimeSpan.FromMinutes(1));
        var wanted = await DoctorRun.OfAsync(Url, [.. reporter, "--role", "scorer"]);

        Assert.Equal((ExitCodes.Ok, ExitCodes.VerificationFailed), (run!.Code, wanted.Code));
        Assert.Equal("reporter; may call here: FeedbackService/ReportOutcome, TransparencyService/GetReport", run["roles"].Found);
        Assert.StartsWith("lacks scorer; has reporter", wanted["roles"].Found, StringComparison.Ordinal);
        Assert.Contains("Callers:Path", wanted["roles"].Fix, StringComparison.Ordinal);
        Assert.Equal(("ok", "the server's last call to it was answered"), (run["store"].State, run["store"].Found));
        Assert.Equal(("unknown", "only role operator may read it"), (run["policy"].State, run["policy"].Found));
    }

    [Fact]
    public async Task Doctor_StoreAnswersAfterAFailure_IsToldSoAtOnce()
    {
        var health = server.Services.GetRequiredService<StoreHealth>();
        health.Failed(); // as the very first call of a process often does
        health.Answered();

        var run = await DoctorRun.OfAsync(Url, [.. Ca, .. Own(CallerServerFixture.Roles("reporter"))]);

        Assert.NotNull(health.Outage); // which is over once it has answered for a while
        Assert.Equal(("ok", "the server's last call to it was answered"), (run["store"].State, run["store"].Found));
    }

    [Fact]
    public async Task Doctor_OnlyAScorer_KnowsStoreAndRevision()
    {
        var run = await DoctorRun.SettledAsync(Url, [.. Ca, .. Own(CallerServerFixture.Roles("scorer"))]);

        Assert.Equal(("ok", "a preview was answered by it"), (run["store"].State, run["store"].Found));
        Assert.StartsWith("revision ", run["policy"].Found, StringComparison.Ordinal);
        Assert.Equal("unknown", run["tags"].State);
    }

    [Fact]
    public async Task Doctor_CallerOfNoSuchName_FailsByCaller()
    {
        var run = await DoctorRun.OfAsync(Url, [.. Ca, .. Files(server.Mounted.Client("spiffe://example.org/stranger"))]);

        Assert.Equal((ExitCodes.VerificationFailed, "fail"), (run.Code, run["caller"].State));
        Assert.StartsWith("PERMISSION_DENIED: CALLER_UNKNOWN", run["caller"].Found, StringComparison.Ordinal);
        Assert.Contains("Callers:Path", run["caller"].Fix, StringComparison.Ordinal);
        Assert.Equal(("unknown", "not looked at, because of caller"), (run["store"].State, run["store"].Found));
    }

    [Fact]
    public async Task Doctor_NoCertificate_AsksForOne()
    {
        var run = await DoctorRun.OfAsync(Url, Ca);

        Assert.Equal((ExitCodes.VerificationFailed, "Give the certificate of a caller by --cert and --key."), (run.Code, run["caller"].Fix));
        Assert.Equal(("unknown", "none is given (--cert, --key)"), (run["client_certificate"].State, run["client_certificate"].Found));
    }

    [Fact]
    public async Task Doctor_CertificateOfOursIsOver_SaysSoAndWhatTheServerSays()
    {
        var now = TimeProvider.System.GetUtcNow();
        var run = await DoctorRun.OfAsync(
            Url, [.. Ca, .. Files(server.Mounted.Authority.Client([CallerServerFixture.Uri("r1")], notBefore: now.AddDays(-2), notAfter: now.AddDays(-1)))]);

        Assert.Equal((ExitCodes.VerificationFailed, "fail", "fail"), (run.Code, run["client_certificate"].State, run["caller"].State));
        Assert.StartsWith("expired at ", run["client_certificate"].Found, StringComparison.Ordinal);
        Assert.StartsWith("UNAUTHENTICATED: CERTIFICATE_EXPIRED", run["caller"].Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_ServerOfAnAuthorityThatIsNotTrusted_FailsByItsChain()
    {
        using var stranger = new TestAuthority("stranger");

        var run = await DoctorRun.OfAsync(Url, ["--ca", stranger.CaPath]);

        Assert.Equal((ExitCodes.VerificationFailed, "fail"), (run.Code, run["server_certificate"].State));
        Assert.StartsWith("chain: ", run["server_certificate"].Found, StringComparison.Ordinal);
        Assert.Contains("--ca", run["server_certificate"].Fix, StringComparison.Ordinal);
        Assert.Equal("not looked at, because of server_certificate", run["health"].Found);
    }

    [Fact]
    public async Task Doctor_AnotherPort_SaysThatItIsNotThatOfGrpc()
    {
        var health = await DoctorRun.OfAsync(server.Url(Listener.Health));
        var http = await DoctorRun.OfAsync(server.Url(Listener.Http), [.. Ca, .. Own("r31")]);

        Assert.All([health, http], AssertOtherPort);
    }

    [Fact]
    public async Task Health_OfWhoIsNotKnown_HasNoHeadersOfOurs()
    {
        using var known = new HealthClient(server.As("r1")).CheckAsync(new HealthCheckRequest());
        using var unknown = new HealthClient(server.With(certificate: null)).CheckAsync(new HealthCheckRequest());

        var refused = await Assert.ThrowsAsync<RpcException>(() => unknown.ResponseAsync.DefaultTimeout());
        Assert.Equal(
            ["spamguard-caller", "spamguard-methods", "spamguard-roles", "spamguard-store", "spamguard-store-offset-ms", "spamguard-tags", "spamguard-version"],
            Ours(await known.ResponseHeadersAsync.DefaultTimeout()));
        Assert.Empty(Ours(refused.Trailers));
    }

    private static IEnumerable<string> Ours(Metadata headers) =>
        headers.Select(static header => header.Key).Where(static key => key.StartsWith("spamguard-", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static void AssertOtherPort(DoctorRun run)
    {
        Assert.NotEqual(ExitCodes.Ok, run.Code);
        Assert.Contains(run.Checks, static check => check.State == "fail" && check.Fix.Contains("5080 unless configured otherwise", StringComparison.Ordinal));
    }

    private string[] Own(string caller) => Files(server.Mounted.Client(CallerServerFixture.Uri(caller)));

    private static string[] Files(TestCertificate certificate) => ["--cert", certificate.CertificatePath, "--key", certificate.KeyPath];
}
