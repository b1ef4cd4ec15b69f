using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.IntegrationTests.Processes;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>A real Prometheus is asked what every panel asks, about a scoring process and a desk that are at work.</summary>
/// <remarks>With <c>SPAMGUARD_DASHBOARDS</c> set to a folder, a picture of every dashboard is left there.</remarks>
[Collection(nameof(ProcessesCollection))]
[Trait("Category", "Long")]
public sealed class LiveDashboardTests(RedisFixture redis)
{
    private const string Shadow = "defaults: {cap: THROTTLE}\nshadow: {defaults: {cap: DENY}}\n";
    private const string AMinuteOfData = "count_over_time(up[5m]) > 60";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4); // two cores that are busy with other tests; a subquery of the budget waits for a full minute of the clock
    private static readonly TimeSpan BetweenCalls = TimeSpan.FromMilliseconds(20);
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("SPAMGUARD_DASHBOARDS");

    [Fact]
    public async Task Queries_OfEveryPanel_HaveAnAnswerOfARealPrometheus()
    {
        await redis.FlushAsync();
        using var pepper = new PepperFile();
        using var volume = new LedgerVolume();
        using var policy = new PolicyFileOnDisk(Shadow);
        var tags = Directory.CreateTempSubdirectory("spamguard-tags-");
        await File.WriteAllTextAsync(Path.Combine(tags.FullName, "hosting.txt"), "82.1.0.0/16\n");
        await using var server = await ServerProcess.ReadyAsync(redis, pepper.Path, variables:
        [
            ("Policy__Path", policy.Path), ("Tags__Path", tags.FullName), ("Audit__Enabled", "true"), ("Audit__Period", "00:00:10"), ("ConnectionStrings__Auditor", redis.ConnectionString(RedisAccount.Auditor)),
        ]);
        await using var desk = await ServerProcess.DeskAsync(redis, pepper.Path, volume, variables: ("Policy__Path", policy.Path));
        using var stop = new CancellationTokenSource();
        var load = LoadAsync(server, stop.Token);
        await using var prometheus = await PrometheusProcess.StartAsync(("spamguard", server.MetricsUrl), ("spamguard-desk", desk.MetricsUrl));
        var began = TimeProvider.System.GetUtcNow();

        IReadOnlyList<string> unanswered = [];
        try
        {
            await Poll.UntilAsync(async () => (unanswered = await UnansweredAsync(prometheus)).Count == 0 && (Pictures is null || await prometheus.HasAsync(AMinuteOfData))).TimeoutAfter(Limit);
        }
        catch (TimeoutException)
        {
            Assert.Fail("There is no answer to: " + string.Join("; ", unanswered));
        }

        if (Pictures is not null)
        {
            foreach (var dashboard in DashboardFiles.All)
            {
                await DashboardPicture.WriteAsync(dashboard, prometheus, began, Pictures);
            }
        }

        await stop.CancelAsync();
        await load; // every call was answered
        tags.Delete(recursive: true);
    }

    // A query that Prometheus refuses throws. One that is answered has the labels that its legend names, but for the pod, which there is in Kubernetes only.
    private static async Task<IReadOnlyList<string>> UnansweredAsync(PrometheusProcess prometheus)
    {
        var unanswered = new List<string>();
        foreach (var panel in DashboardFiles.Panels)
        {
            foreach (var query in panel.Queries)
            {
                var answer = await prometheus.InstantAsync(Live(query));
                Assert.All(answer, series => Assert.Empty(query.LegendLabels.Except(series.Labels.Keys, StringComparer.Ordinal).Where(static label => label != "pod").Select(label => $"{panel}: {label}")));
                if (answer.Count == 0 && !panel.MayBeEmpty)
                {
                    unanswered.Add($"{panel} ({query.Expression})");
                }
            }
        }

        return unanswered;
    }

    /// <summary>As fast as the rules that it is asked beside.</summary>
    internal static string Live(DashboardQuery query) => DashboardQuery.Resolve(ScaledRules.Scale(query.Expression, PrometheusProcess.Divisor), rateInterval: "10s", range: "5m");

    // Addresses that come back, each with an outcome: half of them are spammers.
    private static async Task LoadAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(BetweenCalls, TimeProvider.System);
        for (var i = 0; !cancellationToken.IsCancellationRequested; i++)
        {
            var address = $"82.{i % 2}.{i / 2 % 40}.7";
            var scored = i % 3 == 0 ? Events.Message(address) : Events.SignUp(address);
            var request = new ScoreRequest { Event = scored, RequestId = Events.NewRequestId() };
            var answer = await server.Scoring.ScoreAsync(request, cancellationToken: CancellationToken.None).ResponseAsync.DefaultTimeout();
            if (i % 10 == 0)
            {
                await server.Scoring.ScoreAsync(request, cancellationToken: CancellationToken.None).ResponseAsync.DefaultTimeout();
                await server.Scoring.PreviewAsync(new PreviewRequest { Event = scored }, cancellationToken: CancellationToken.None).ResponseAsync.DefaultTimeout();
            }

            if (i % 4 < 2)
            {
                var report = new ReportOutcomeRequest { DecisionToken = answer.Assessment.DecisionToken, Label = i % 2 == 0 ? OutcomeLabel.Spam : OutcomeLabel.Legitimate };
                await server.Feedback.ReportOutcomeAsync(report, cancellationToken: CancellationToken.None).ResponseAsync.DefaultTimeout();
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
