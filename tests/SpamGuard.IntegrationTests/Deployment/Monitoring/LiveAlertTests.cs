using System.Diagnostics;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.IntegrationTests.Processes;
using SpamGuard.Testing;
using SpamGuard.V1;
using Xunit.Abstractions;

namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>A real Prometheus looks at a real process under load, by the rules sixty times faster, while its Redis stops and comes back.</summary>
[Collection(nameof(ProcessesCollection))]
public sealed class LiveAlertTests(RedisFixture redis, ITestOutputHelper output)
{
    private const string Page = "page SpamGuardUndegradedBurnsFast ";
    private const string Ticket = "ticket SpamGuardStoreAway";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2); // two cores that are busy with other tests
    private static readonly TimeSpan BetweenCalls = TimeSpan.FromMilliseconds(50);

    [Fact]
    [Trait("Category", "Long")]
    public async Task Redis_StopsAndComesBack_OnePageAndItsCauseFireAndEnd()
    {
        await redis.FlushAsync();
        using var pepper = new PepperFile();
        await using var server = await ServerProcess.ReadyAsync(
            redis, pepper.Path, variables: [("Audit__Enabled", "true"), ("Audit__Period", "00:00:10"), ("ConnectionStrings__Auditor", redis.ConnectionString(RedisAccount.Auditor))]);
        using var stop = new CancellationTokenSource();
        var load = LoadAsync(server, stop.Token);
        await using var prometheus = await PrometheusProcess.StartAsync(server.MetricsUrl);
        var timeline = new AlertTimeline(prometheus, output);

        timeline.Say("load and Prometheus are on");
        await timeline.UntilAsync(
            async firing => firing.Count == 0 && await prometheus.HasAsync("spamguard:slo_events:rate1h{slo=\"undegraded\"} > 0.1 and on () spamguard_audit_passes_total{outcome=\"clean\"} > 0")).TimeoutAfter(Limit);

        var fault = Stopwatch.GetTimestamp();
        await redis.StopAsync();
        timeline.Say("Redis is stopped");
        await timeline.UntilAsync(firing => Task.FromResult(firing.Any(IsExpected) && firing.Contains(Ticket))).TimeoutAfter(Limit);

        await redis.StartAsync();
        timeline.Say("Redis is back");
        await timeline.UntilAsync(firing => Task.FromResult(!firing.Contains(Ticket) && !firing.Any(static alert => alert.StartsWith("page ", StringComparison.Ordinal)))).TimeoutAfter(Limit);
        timeline.Say("over");

        Assert.All(await prometheus.PagesAsync(Stopwatch.GetElapsedTime(fault)), page => Assert.True(IsExpected(page), page));
        await stop.CancelAsync();
        await load; // every call was answered
    }

    private static bool IsExpected(string alert) => alert.StartsWith(Page, StringComparison.Ordinal); // by one window or the other

    private static async Task LoadAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(BetweenCalls, TimeProvider.System);
        for (var i = 0; !cancellationToken.IsCancellationRequested; i++)
        {
            await server.Scoring.ScoreAsync(new ScoreRequest { Event = Events.SignUp($"81.{i >> 8 & 127}.{i & 255}.7"), RequestId = Events.NewRequestId() }, cancellationToken: CancellationToken.None).ResponseAsync.DefaultTimeout();
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
