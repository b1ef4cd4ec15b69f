using Grpc.Core;
using SpamGuard.IntegrationTests.Deployment.Manifests;
using SpamGuard.IntegrationTests.Fixtures;
using SpamGuard.IntegrationTests.Processes;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Deployment;

/// <summary>The manifests are proved by running them: the server's own program, started with exactly what each overlay gives its pods.</summary>
[Collection(nameof(OtherWaitingCollection))]
public sealed class StartedManifestTests
{
    [Fact]
    public async Task Dev_Scoring_ScoresWithTheExampleCallersCertificate()
    {
        var overlay = Overlay.Of("dev");
        await using var cluster = await DevAsync(overlay);
        var pod = await cluster.StartAsync(overlay.Ours.Single(static one => one.Component == "scoring"));

        await ScoresAsync(cluster, pod, cluster.Certificate("spamguard-example-caller"));
        Assert.Equal(0, await pod.Program.StopAsync());
    }

    [Fact]
    public async Task Dev_Desk_AnswersKeepsItsLedgerShowsThePageAndFindsRedisInOrder()
    {
        var overlay = Overlay.Of("dev");
        await using var cluster = await DevAsync(overlay);
        var desk = overlay.Ours.Single(static one => one.Component == "desk");
        var pod = await cluster.StartAsync(desk);

        var policy = new PolicyService.PolicyServiceClient(cluster.Channel(pod, "spamguard-desk.spamguard.svc", cluster.Certificate("spamguard-example-caller")));
        Assert.NotEmpty((await policy.GetAsync(new PolicyServiceGetRequest()).ResponseAsync.DefaultTimeout()).PolicyRevision);
        Assert.Equal("/var/lib/spamguard/ledger", overlay.EnvironmentOf(desk)["Ledger__Path"]);
        Assert.NotEqual(0, new FileInfo(pod.Files.PathOf("/var/lib/spamguard/ledger/ledger.ndjson")).Length);
        Assert.Contains("<h1", await (await pod.GetAsync("transparency", "/transparency"))!.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await AuditedAsync(pod);
    }

    [Fact]
    public async Task Production_EveryProcess_StartsWithTheSecretsThatThePageMakes()
    {
        var overlay = Overlay.Of("production");
        await using var cluster = new ClusterOnThisMachine(overlay);
        using var made = new PageSecrets();
        foreach (var secret in Directory.GetDirectories(made.Kept))
        {
            cluster.AddSecret(Path.GetFileName(secret), Directory.GetFiles(secret).ToDictionary(static file => Path.GetFileName(file), File.ReadAllBytes, StringComparer.Ordinal));
        }

        await cluster.StartRedisAsync("redis.example", made.PathOf("users.acl"), "spamguard-redis-ca");
        foreach (var workload in overlay.Ours)
        {
            var pod = await cluster.StartAsync(workload);
            if (workload.Component == "scoring")
            {
                await ScoresAsync(cluster, pod, cluster.Caller("spiffe://spamguard.example/form"));
            }
            else if (workload.Component == "auditor")
            {
                await AuditedAsync(pod);
            }
        }

        Assert.Equal(["auditor", "desk", "scoring"], overlay.Ours.Select(static one => one.Component).Order(StringComparer.Ordinal));
    }

    private static async Task<ClusterOnThisMachine> DevAsync(Overlay overlay)
    {
        var cluster = new ClusterOnThisMachine(overlay);
        try
        {
            await cluster.StartRedisAsync(overlay.Workloads.Single(static one => one.Component == "redis"));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    private static async Task ScoresAsync(ClusterOnThisMachine cluster, RunningPod pod, TestCertificate certificate)
    {
        var request = new ScoreRequest { Event = new() { Kind = EventKind.SignUp, Address = "203.0.113.9" }, RequestId = Guid.NewGuid().ToString() };
        foreach (var host in (string[])["spamguard.spamguard.svc", "spamguard-headless"])
        {
            var scoring = new ScoringService.ScoringServiceClient(cluster.Channel(pod, host, certificate));
            var answer = await ServerProcess.AnsweredAsync(() => scoring.ScoreAsync(request));
            Assert.Equal((Quality.Full, Verdict.Allow), (answer.Assessment.Quality, answer.Assessment.Verdict));
        }

        var nobody = new ScoringService.ScoringServiceClient(cluster.Channel(pod, "spamguard", certificate: null));
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await nobody.ScoreAsync(request).ResponseAsync.DefaultTimeout());
        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
    }

    // One pass of the auditor: whole, and every setting of this Redis is as it must be.
    private static async Task AuditedAsync(RunningPod pod)
    {
        var metrics = "";
        await Poll.UntilAsync(async () =>
        {
            metrics = await pod.MetricsAsync();
            return !metrics.Contains("spamguard_audit_completed_timestamp_seconds 0\n", StringComparison.Ordinal);
        }).DefaultTimeout();
        var settings = metrics.Split('\n').Where(static line => line.StartsWith("spamguard_store_setting{", StringComparison.Ordinal) && line.EndsWith(" 1", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(settings);
        Assert.All(settings, static line => Assert.Contains("state=\"ok\"", line, StringComparison.Ordinal));
    }
}
