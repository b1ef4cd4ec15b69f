using SpamGuard.Desk.Audit;
using SpamGuard.Storage.Redis;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Retention;

/// <summary>A master and its replica behind a sentinel.</summary>
public sealed class AuditSentinelTests(RedisSentinelFixture sentinel) : IClassFixture<RedisSentinelFixture>
{
    private const string OnlyThere = "sg:a:{onlythere}";

    [Fact]
    public async Task Pass_BehindASentinel_SeesBothAndGoesOnAfterAFailOver()
    {
        await using var auditor = await AuditorUnderTest.OpenAsync(sentinel.ConnectionString(RedisAccount.Auditor), SignalTopology.Sentinel);
        AuditReport before = null!;
        await Poll.UntilAsync(async () => (before = await auditor.RunAsync()) is { IsComplete: true, Visits.Count: 2 }).DefaultTimeout();
        await sentinel.FailOverAsync();
        AuditReport after = null!;
        await Poll.UntilAsync(async () => (after = await auditor.RunAsync()).IsComplete && Masters(after).Count == 1 && Masters(after)[0] != Masters(before)[0]).TimeoutAfter(TimeSpan.FromMinutes(1));

        Assert.Equal(2, after.Visits.Count);
        await ReplicaKeepsWhatItsMasterLacksAsync(auditor);
    }

    private async Task ReplicaKeepsWhatItsMasterLacksAsync(AuditorUnderTest auditor)
    {
        await using var first = await sentinel.ConnectAsync(0);
        await using var second = await sentinel.ConnectAsync(1);
        var replica = first.GetServers()[0].IsReplica ? first : second;
        await replica.GetServers()[0].ExecuteAsync("CONFIG", "SET", "replica-read-only", "no").DefaultTimeout();
        await replica.GetServers()[0].ExecuteAsync("EVAL", "return redis.call('SET', KEYS[1], '1')", 1, OnlyThere).DefaultTimeout(); // the driver sends a replica no SET

        var report = await auditor.RunAsync().DefaultTimeout();

        Assert.Equal((1L, 0L, 1L), (report.Found(KeyFault.WithoutTtl), report.Deleted(KeyFault.WithoutTtl), report.Remaining));
        Assert.NotEqual(AuditOutcome.Clean, report.Outcome);
    }

    // For a moment both say that they are.
    private static List<string> Masters(AuditReport report) => [.. report.Visits.Where(static visit => visit.IsMaster == true).Select(static visit => visit.Server)];
}
