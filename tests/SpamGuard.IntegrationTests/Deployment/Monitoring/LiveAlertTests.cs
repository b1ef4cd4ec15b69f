using System.Diagnostics;
using System.Globalization;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.IntegrationTests.Processes;
using SpamGuard.Testing;
using SpamGuard.V1;
using Xunit.Abstractions;

namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>
/// A real Prometheus looks at a small fleet under load, two processes that score, a desk and an auditor, by the rules sixty times faster, while its desk
/// and then its Redis go away and come back. All that fires is on a list, tickets too.
/// </summary>
[Collection(nameof(ProcessesCollection))]
public sealed class LiveAlertTests(RedisFixture redis, ITestOutputHelper output)
{
    private const string Page = "page SpamGuardUndegradedBurnsFast";
    private const string DeskAway = "ticket SpamGuardDeskAway";
    private const string DeskNotReached = "ticket SpamGuardTargetDown (spamguard-desk)";
    private const string StoreAway = "ticket SpamGuardStoreAway";

    /// <summary>What fires while the desk is away, and what else may.</summary>
    private static readonly string[] OfTheDesk = [DeskAway, DeskNotReached, "page SpamGuardDeskDoesNotStart"];

    /// <summary>The same of Redis, by one window or another.</summary>
    private static readonly string[] OfRedis =
    [
        Page,
        StoreAway,
        "ticket SpamGuardUndegradedBurnsSlowly",
        "ticket SpamGuardLatencyBurnsSlowly", // a call that finds the store away waits for the budget, which is longer here
        "ticket SpamGuardStoreErrors",
        "ticket SpamGuardStoreCircuitOpen", // for the moment in which one process has the store back and another has not
        "ticket SpamGuardAuditIncomplete",
    ];

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3); // two cores that are busy with other tests

    // A budget that was spent stands for its window: six hours of three days', which are six minutes here.
    private static readonly TimeSpan BudgetLimit = TimeSpan.FromMinutes(9);
    private static readonly TimeSpan BetweenCalls = TimeSpan.FromMilliseconds(50);

    [Fact]
    [Trait("Category", "Long")]
    public async Task DeskAndRedis_GoAndComeBack_TheirAlertsAloneFireAndEnd()
    {
        await redis.FlushAsync();
        using var pepper = new PepperFile();
        using var volume = new LedgerVolume();
        await using var first = await ServerProcess.ReadyAsync(redis, pepper.Path);
        await using var second = await ServerProcess.ReadyAsync(redis, pepper.Path);
        await using var auditor = await ServerProcess.AuditorAsync(redis, ("Audit__Period", "00:00:10"));
        var metrics = FreePorts.TakeOne(); // of a desk, whichever process that is
        (string, string)[] onThatPort = [("Listeners__Metrics__Port", metrics.ToString(CultureInfo.InvariantCulture))];
        using var stop = new CancellationTokenSource();
        var load = Task.WhenAll(LoadAsync(first, 0, stop.Token), LoadAsync(second, 1, stop.Token));
        await using var prometheus = await PrometheusProcess.StartAsync(
            ("spamguard", first.MetricsUrl),
            ("spamguard", second.MetricsUrl),
            ("spamguard-desk", new UriBuilder(first.MetricsUrl) { Port = metrics }.Uri),
            ("spamguard-auditor", auditor.MetricsUrl));
        var timeline = new AlertTimeline(prometheus, output);

        await using (var desk = await ServerProcess.DeskAsync(redis, pepper.Path, volume, variables: onThatPort))
        {
            timeline.Say("load on two processes, a desk, an auditor and Prometheus are there");
            await timeline.UntilAsync(async firing => firing.Count == 0 && await prometheus.HasAsync(
                "spamguard:slo_events:rate1h{slo=\"undegraded\"} > 0.1 and on () sum(up) == 4 and on () spamguard_audit_passes_total{outcome=\"clean\"} > 0 and on () spamguard_ledger_sound == 1")).TimeoutAfter(Limit);

            var deskFault = Stopwatch.GetTimestamp();
            await desk.KillAsync();
            timeline.Say("the desk is killed");
            await timeline.UntilAsync(firing => Task.FromResult(OfTheDesk.All(alert => firing.Contains(alert, StringComparer.Ordinal)))).TimeoutAfter(Limit);

            await using var back = await ServerProcess.DeskAsync(redis, pepper.Path, volume, variables: onThatPort);
            timeline.Say("the desk is back");
            await timeline.UntilAsync(static firing => Task.FromResult(firing.Count == 0)).TimeoutAfter(Limit);
            AssertListed(OfTheDesk, await prometheus.FiredAsync(Stopwatch.GetElapsedTime(deskFault)));

            var fault = Stopwatch.GetTimestamp();
            await redis.StopAsync();
            timeline.Say("Redis is stopped");
            await timeline.UntilAsync(static firing => Task.FromResult(firing.Any(static alert => Is(alert, Page)) && firing.Contains(StoreAway, StringComparer.Ordinal))).TimeoutAfter(Limit);

            await redis.StartAsync();
            timeline.Say("Redis is back");
            await timeline.UntilAsync(static firing => Task.FromResult(!firing.Contains(StoreAway, StringComparer.Ordinal) && !firing.Any(static alert => alert.StartsWith("page ", StringComparison.Ordinal)))).TimeoutAfter(Limit);
            timeline.Say("no page any more; what is left says that budget was spent");
            await timeline.UntilAsync(static firing => Task.FromResult(firing.Count == 0)).TimeoutAfter(BudgetLimit);
            timeline.Say("over");
            AssertListed(OfRedis, await prometheus.FiredAsync(Stopwatch.GetElapsedTime(fault)));
        }

        await stop.CancelAsync();
        await load; // every call was answered
    }

    private static void AssertListed(string[] listed, IReadOnlyList<string> fired)
    {
        Assert.NotEmpty(fired);
        Assert.DoesNotContain(fired, alert => !listed.Any(one => Is(alert, one)));
    }

    // By one window or another.
    private static bool Is(string alert, string listed) => alert == listed || alert.StartsWith($"{listed} (", StringComparison.Ordinal);

    private static async Task LoadAsync(ServerProcess server, int number, CancellationToken cancellationToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(BetweenCalls, TimeProvider.System);
        for (var i = 0; !cancellationToken.IsCancellationRequested; i++)
        {
            var request = new ScoreRequest { Event = Events.SignUp($"{81 + number}.{i >> 8 & 127}.{i & 255}.7"), RequestId = Events.NewRequestId() };
            await server.Scoring.ScoreAsync(request, cancellationToken: CancellationToken.None).ResponseAsync.DefaultTimeout();
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
