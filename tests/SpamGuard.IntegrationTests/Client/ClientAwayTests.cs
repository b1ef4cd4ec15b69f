extern alias client;

using System.Globalization;
using System.Net;
using client::SpamGuard.Client;
using client::SpamGuard.V1;
using Grpc.Core;
using Grpc.Net.Client.Balancer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SpamGuard.IntegrationTests.Processes;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Client;

/// <summary>The client when the service is killed, hung, slow, refuses or is elsewhere: a verdict all the same, and the service's again without a restart.</summary>
[Collection(nameof(ProcessesCollection))]
public sealed class ClientAwayTests
{
    private const int SigKill = 9;

    private static SpamGuardEvent SignUp => SpamGuardEvent.SignUp(IPAddress.Parse("91.9.3.9"));

    private static SpamGuardEvent Message => SpamGuardEvent.Message(IPAddress.Parse("91.9.3.9"));

    [Fact]
    public async Task Server_KilledAndStartedAgain_IsAwayMeanwhile()
    {
        await using var first = await ServerAsync();
        await using var host = await StartAsync(first);
        await AnsweredAsync(host);
        var (said, back) = (Count(host, "gave no verdict"), Count(host, "answers again")); // on a busy machine the first call may be late

        await first.StopAsync(SigKill);
        var away = await host.Client.ScoreAsync(SignUp);
        var many = await host.Client.ScoreManyAsync([SignUp, Message]);
        var report = await Assert.ThrowsAsync<RpcException>(() => host.Client.ReportAsync(SignUp, OutcomeLabel.Spam));

        Assert.Equal((Verdict.Allow, AssessmentSource.Fallback, FallbackCause.Unavailable), (away.Verdict, away.Source, away.Cause));
        Assert.Equal((StatusCode.Unavailable, false), (away.Failure!.StatusCode, away.IsGraceOver));
        Assert.Equal((SpamGuardAssessment.NoVerdict, Quality.Degraded), (Assert.Single(away.Reasons).Code, away.Answer.Quality));
        Assert.Null(away.DecisionToken);
        Assert.Null(away.SpamProbability);
        Assert.All(many, static one => Assert.Equal((Verdict.Allow, FallbackCause.Unavailable), (one.Verdict, one.Cause)));
        Assert.Equal(StatusCode.Unavailable, report.StatusCode);
        Assert.Contains("spamguard.client.fallbacks{kind=sign_up,cause=unavailable,grace_over=False} 1", host.Measurements);
        Assert.Contains("spamguard.client.retries{} 1", host.Measurements); // UNAVAILABLE is tried again
        var retries = Retries();
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => host.Client.ReportAsync("some-token", OutcomeLabel.Spam))).StatusCode);
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => host.Client.ExplainAsync("some-token"))).StatusCode);
        Assert.Equal(FallbackCause.Unavailable, (await host.Client.PreviewAsync("some-token", EventKind.SignUp)).Cause);
        Assert.Equal(retries, Retries()); // but what has a request id only: to a second report by the same token the answer would be that it is one

        await using var second = await ServerAsync(first.GrpcPort);
        await Poll.UntilAsync(async () =>
        {
            await host.Client.ScoreAsync(SignUp);
            return Count(host, "answers again") > back;
        }).TimeoutAfter(TimeSpan.FromSeconds(60));
        Assert.Equal((said + 1, back + 1), (Count(host, "gave no verdict"), Count(host, "answers again")));

        int Retries() => host.Measurements.Count(static line => line == "spamguard.client.retries{} 1");
    }

    [Fact]
    public async Task Server_Hung_IsGivenUpByTheDeadlineThenByTheBreakerAndCalledAgainWhenItGoesOn()
    {
        await using var server = await ServerAsync();
        await using var host = await StartAsync(server, static options => options.CircuitBreaker.MinimumThroughput = 3);
        await AnsweredAsync(host);
        server.Pause();

        var causes = new List<FallbackCause>();
        await Poll.UntilAsync(async () =>
        {
            causes.Add((await host.Client.ScoreAsync(SignUp)).Cause);
            return causes.Contains(FallbackCause.CircuitOpen);
        }).DefaultTimeout();

        Assert.Contains(FallbackCause.Deadline, causes);
        Assert.DoesNotContain(FallbackCause.Unavailable, causes);
        Assert.Contains("spamguard.client.circuit.open{} 1", host.Measurements);
        Assert.DoesNotContain("spamguard.client.retries{} 1", host.Measurements); // what may be on its way isn't sent again

        server.Resume();
        await AnsweredAsync(host);
        Assert.Contains("spamguard.client.circuit.open{} 0", host.Measurements.Skip(causes.Count));
    }

    [Fact]
    public async Task Server_BackAgain_IsFoundOutByCallersWhoLeaveTooEarly()
    {
        await using var server = await ServerAsync();
        await using var relay = SlowRelay.To(new IPEndPoint(IPAddress.Loopback, server.GrpcPort));
        await using var host = await StartAsync(relay.Port, static options =>
        {
            options.CircuitBreaker.MinimumThroughput = 3;
            options.Timeout = TimeSpan.FromMilliseconds(400);
        });
        await AnsweredAsync(host);
        relay.Delay = TimeSpan.FromSeconds(3);
        await Poll.UntilAsync(async () => (await host.Client.ScoreAsync(SignUp)).Cause == FallbackCause.CircuitOpen).DefaultTimeout();
        var before = host.Measurements.Count;

        relay.Delay = TimeSpan.FromMilliseconds(100);
        await Poll.UntilAsync(async () =>
        {
            using var leaves = new CancellationTokenSource(TimeSpan.FromMilliseconds(5)); // before any answer can be there
            try
            {
                await host.Client.ScoreAsync(SignUp, leaves.Token);
            }
            catch (OperationCanceledException)
            {
                // as all of them do but the one that tries
            }

            return host.Measurements.Skip(before).Contains("spamguard.client.circuit.open{} 0");
        }).DefaultTimeout();
    }

    [Fact]
    public async Task Server_Slow_IsGivenUpByTheDeadline()
    {
        await using var server = await ServerAsync();
        await using var relay = SlowRelay.To(new IPEndPoint(IPAddress.Loopback, server.GrpcPort));
        await using var host = await StartAsync(relay.Port, static options => options.Timeout = TimeSpan.FromMilliseconds(150));
        await AnsweredAsync(host);

        relay.Delay = TimeSpan.FromSeconds(1);
        var late = await host.Client.ScoreAsync(SignUp);
        var preview = await host.Client.PreviewAsync(SignUp);
        relay.Delay = TimeSpan.Zero;

        Assert.Equal((FallbackCause.Deadline, StatusCode.DeadlineExceeded), (late.Cause, late.Failure!.StatusCode));
        Assert.Equal(FallbackCause.Deadline, preview.Cause);
        Assert.Contains("spamguard.client.hedges{} 1", host.Measurements); // a preview counts nothing: a second one may be asked
        await AnsweredAsync(host);
    }

    [Fact]
    public async Task Server_MovedBehindItsName_IsFound()
    {
        await using var first = await ServerAsync();
        var name = new MovableName(first.GrpcPort);
        await using var host = await StartAsync(name);
        await AnsweredAsync(host);

        await using var second = await ServerAsync();
        name.MoveTo(second.GrpcPort);
        await first.StopAsync(SigKill);

        await AnsweredAsync(host);
    }

    [Fact]
    public async Task Server_OneOfTwoHung_IsAskedNoMoreUntilItGoesOn()
    {
        await using var first = await ServerAsync();
        await using var second = await ServerAsync();
        var name = new MovableName(first.GrpcPort, second.GrpcPort);
        await using var host = await StartAsync(name);
        await InARowAsync(host);

        first.Pause();
        await InARowAsync(host); // every second one would go there
        first.Resume();
        await second.StopAsync(SigKill);

        await AnsweredAsync(host);

        static Task InARowAsync(ClientHost host) => Poll.UntilAsync(async () =>
        {
            for (var i = 0; i < 30; i++)
            {
                if ((await host.Client.ScoreAsync(Message)).Source == AssessmentSource.Fallback)
                {
                    return false;
                }
            }

            return true;
        }).TimeoutAfter(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Caller_OverItsQuota_GetsTheVerdictOfAfterTheGraceAtOnceAndNoOutage()
    {
        using var callers = new TestCallers("callers: {known: {identities: [spiffe://example.org/known], roles: [scorer], quotas: {score: {per_second: 1, burst: 2}}}}\n");
        await using var server = await ServerAsync(settings: callers.Settings);
        var known = callers.Client("spiffe://example.org/known");
        await using var host = await TlsClientAsync(server, callers.Authority.CaPath, known.CertificatePath, known.KeyPath);

        var all = new List<SpamGuardAssessment>();
        for (var i = 0; i < 20; i++)
        {
            all.Add(await host.Client.ScoreAsync(SignUp));
        }

        var over = all.Where(static one => one.Source == AssessmentSource.Fallback).ToList();
        Assert.InRange(over.Count, 1, 18);
        Assert.All(over, static one => Assert.Equal((Verdict.Challenge, FallbackCause.OverQuota, false), (one.Verdict, one.Cause, one.IsGraceOver)));
        Assert.All(over, static one => Assert.True(one.RetryAfter > TimeSpan.Zero));
        Assert.Equal((1, 0, 0), (Count(host, "over this caller's quota"), Count(host, "gave no verdict"), Count(host, "answers again")));
        Assert.Contains("spamguard.client.fallbacks{kind=sign_up,cause=over_quota,grace_over=False} 1", host.Measurements);
    }

    [Fact]
    public async Task Token_OfAnotherCaller_IsAFaultOfTheRequestAndNoOutage()
    {
        using var callers = new TestCallers("callers: {one: {identities: [spiffe://example.org/one], roles: [scorer, reporter]}, other: {identities: [spiffe://example.org/other], roles: [scorer, reporter]}}\n");
        await using var server = await ServerAsync(settings: callers.Settings);
        var (one, other) = (callers.Client("spiffe://example.org/one"), callers.Client("spiffe://example.org/other"));
        await using var host = await TlsClientAsync(server, callers.Authority.CaPath, one.CertificatePath, one.KeyPath);
        await using var elsewhere = await TlsClientAsync(server, callers.Authority.CaPath, other.CertificatePath, other.KeyPath);
        var token = (await host.Client.ScoreAsync(SignUp)).DecisionToken!;

        var refused = await Assert.ThrowsAsync<RpcException>(() => elsewhere.Client.PreviewAsync(token, EventKind.SignUp));

        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
        Assert.Equal(0, Count(elsewhere, "refuses this caller"));
    }

    [Fact]
    public async Task Server_ThatRefusesThisCaller_IsAFallbackThatSaysSoOnce()
    {
        using var callers = new TestCallers("callers: {known: {identities: [spiffe://example.org/known], roles: [scorer]}}\n");
        await using var server = await ServerAsync(settings: callers.Settings);
        var stranger = callers.Client("spiffe://example.org/stranger");
        await using var host = await TlsClientAsync(server, callers.Authority.CaPath, stranger.CertificatePath, stranger.KeyPath);

        var refused = await host.Client.ScoreAsync(SignUp);
        await host.Client.ScoreAsync(SignUp);

        Assert.Equal((Verdict.Allow, FallbackCause.Refused, StatusCode.PermissionDenied), (refused.Verdict, refused.Cause, refused.Failure!.StatusCode));
        Assert.Equal(1, Count(host, "refuses this caller"));
        Assert.Contains("spamguard.client.fallbacks{kind=sign_up,cause=refused,grace_over=False} 1", host.Measurements);
    }

    [Fact]
    public async Task Certificates_Exchanged_AreUsedWithoutARestart()
    {
        using var callers = new TestCallers("callers: {known: {identities: [spiffe://example.org/known], roles: [scorer]}}\n");
        await using var server = await ServerAsync(settings: callers.Settings);
        var (stranger, known) = (callers.Client("spiffe://example.org/stranger"), callers.Client("spiffe://example.org/known"));
        var (certificate, key) = (Path.Combine(callers.Authority.Folder, "mine.crt"), Path.Combine(callers.Authority.Folder, "mine.key"));
        Put(stranger);
        await using var host = await TlsClientAsync(server, callers.Authority.CaPath, certificate, key);
        Assert.Equal(FallbackCause.Refused, (await host.Client.ScoreAsync(SignUp)).Cause);

        File.WriteAllText(key, "no key");
        await Poll.UntilAsync(() => Task.FromResult(Count(host, "SpamGuard:Tls:KeyPath: found") >= 1)).DefaultTimeout();
        Assert.Equal(FallbackCause.Refused, (await host.Client.ScoreAsync(SignUp)).Cause); // what was read before goes on
        Put(known);

        await AnsweredAsync(host);
        Assert.Equal(1, Count(host, "new calls use what is in them now"));

        void Put(TestCertificate one)
        {
            File.Copy(one.CertificatePath, certificate, overwrite: true);
            File.Copy(one.KeyPath, key, overwrite: true);
        }
    }

    [Fact]
    public async Task Grace_Over_ChangesTheVerdictAndSaysSoUntilTheServiceIsBack()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var port = FreePorts.Take(1)[0];
        await using var host = await StartAsync(port, static options =>
        {
            options.SignUp.Grace = TimeSpan.FromSeconds(30);
            options.Message.Verdict = Verdict.Throttle;
            options.Message.VerdictAfterGrace = Verdict.Deny;
            options.Message.Grace = TimeSpan.FromMinutes(10);
            options.OutageRecovery = TimeSpan.FromSeconds(10);
            options.MaxRetryAttempts = 0; // they would wait by this clock
            options.Timeout = TimeSpan.FromSeconds(10);
        }, time);

        Assert.Equal((Verdict.Allow, false), await VerdictAsync(SignUp));
        Assert.Equal((Verdict.Throttle, false), await VerdictAsync(Message));
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal((Verdict.Allow, false), await VerdictAsync(SignUp));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((Verdict.Challenge, true), await VerdictAsync(SignUp));
        Assert.Equal((Verdict.Challenge, true), await VerdictAsync(SignUp));
        Assert.Equal((Verdict.Throttle, false), await VerdictAsync(Message));
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal((Verdict.Deny, true), await VerdictAsync(Message));
        Assert.Equal(1, Count(host, "longer than the grace of SignUp events, 30 s: those get Challenge"));
        Assert.Equal(1, Count(host, "longer than the grace of Message events"));

        await using var server = await ServerAsync(port);
        await AnsweredAsync(host);
        await server.StopAsync(SigKill);
        Assert.Equal((Verdict.Challenge, true), await VerdictAsync(SignUp)); // a moment's answers do not end it
        await using var again = await ServerAsync(port);
        for (var i = 0; i < 10; i++)
        {
            await AnsweredAsync(host);
        }

        time.Advance(TimeSpan.FromSeconds(10));
        await again.StopAsync(SigKill);
        Assert.Equal((Verdict.Allow, false), await VerdictAsync(SignUp)); // another outage, another grace
        Assert.Equal(1, Count(host, "answers again"));

        async Task<(Verdict Verdict, bool IsGraceOver)> VerdictAsync(SpamGuardEvent spamEvent)
        {
            var assessment = await host.Client.ScoreAsync(spamEvent);
            Assert.Equal(AssessmentSource.Fallback, assessment.Source);
            return (assessment.Verdict, assessment.IsGraceOver);
        }
    }

    private static int Count(ClientHost host, string text) => host.Log.Logs.Count(log => log.Text.Contains(text, StringComparison.Ordinal));

    private static Task AnsweredAsync(ClientHost host) =>
        Poll.UntilAsync(async () => (await host.Client.ScoreAsync(SignUp)).Source == AssessmentSource.Service).TimeoutAfter(TimeSpan.FromSeconds(60));

    private static Task<ClientHost> StartAsync(ServerProgram server, Action<SpamGuardClientOptions>? configure = null) => StartAsync(server.GrpcPort, configure);

    private static Task<ClientHost> StartAsync(int port, Action<SpamGuardClientOptions>? configure = null, TimeProvider? time = null) => ClientHost.StartAsync(
        options =>
        {
            options.Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
            options.Timeout = TimeSpan.FromMilliseconds(500); // other tests share the processor
            options.CircuitBreaker.MinimumThroughput = 10_000; // what it does has a test of its own, as has when an outage is over
            options.OutageRecovery = TimeSpan.FromSeconds(1);
            configure?.Invoke(options);
        },
        services => services.AddSingleton(time ?? TimeProvider.System));

    private static Task<ClientHost> StartAsync(MovableName name) => ClientHost.StartAsync(
        static options =>
        {
            options.Address = new Uri("dns:///spamguard.example:1");
            options.Plaintext = true;
            options.Timeout = TimeSpan.FromMilliseconds(500);
        },
        services => services.AddSingleton<ResolverFactory>(name));

    private static Task<ClientHost> TlsClientAsync(ServerProgram server, string ca, string certificate, string key) => ClientHost.StartAsync(options =>
    {
        options.Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{server.GrpcPort}"));
        options.Timeout = TimeSpan.FromSeconds(5);
        options.Tls.CaPath = ca;
        options.Tls.CertificatePath = certificate;
        options.Tls.KeyPath = key;
        options.Tls.ReloadInterval = TimeSpan.FromSeconds(1);
    });

    private static async Task<ServerProgram> ServerAsync(int? port = null, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var server = new ServerProgram(
            "Development",
            [
                new("Signals__Budget", "00:00:00.200"),
                .. (settings ?? new Dictionary<string, string?>(StringComparer.Ordinal)).Select(static pair => KeyValuePair.Create(pair.Key.Replace(":", "__", StringComparison.Ordinal), pair.Value)),
                .. port is { } fixedPort ? [KeyValuePair.Create("Listeners__Grpc__Port", (string?)fixedPort.ToString(CultureInfo.InvariantCulture))] : Array.Empty<KeyValuePair<string, string?>>(),
            ]);
        server.Start();
        await Poll.UntilAsync(() =>
        {
            Assert.True(server.ExitCode is null, $"The server ended with code {server.ExitCode}:\n{server.Output}");
            return Task.FromResult(server.Output.Contains("Listening", StringComparison.Ordinal));
        }).TimeoutAfter(TimeSpan.FromSeconds(60));
        return server;
    }
}
