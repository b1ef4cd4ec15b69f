using SpamGuard.Desk.Audit;
using SpamGuard.Storage.Redis;
using SpamGuard.Testing;
using StackExchange.Redis;

namespace SpamGuard.IntegrationTests.Retention;

/// <summary>Three masters and their replicas: the auditor sees all six, or says that it did not.</summary>
public sealed class AuditClusterTests(RedisReplicatedClusterFixture cluster) : IClassFixture<RedisReplicatedClusterFixture>
{
    private const int Keys = 60;

    [Fact]
    public async Task Pass_KeysThatMayNotBeThere_AreDeletedOnEveryMasterAndWithThatOnEveryReplica()
    {
        await using var auditor = await WholeAsync();
        var database = cluster.AdminConnection.GetDatabase();
        for (var i = 0; i < Keys; i++)
        {
            await database.StringSetAsync($"sg:a:{{forever{i}}}", "1").DefaultTimeout();
            await database.StringSetAsync($"sg:n:{{lawful{i}}}", "1", TimeSpan.FromDays(1)).DefaultTimeout();
        }

        var report = await auditor.RunAsync().DefaultTimeout();
        AuditReport next = null!;
        await Poll.UntilAsync(async () => (next = await auditor.RunAsync()).Tallies.Sum(static tally => tally.Copies) == Keys).DefaultTimeout();

        Assert.Equal((AuditOutcome.Violation, 6), (report.Outcome, report.Visits.Count));
        Assert.Equal(3, report.Visits.Count(static visit => visit.IsMaster == true));
        Assert.Equal((Keys, Keys, 0), ((int)report.Found(KeyFault.WithoutTtl), (int)report.Deleted(KeyFault.WithoutTtl), (int)report.Remaining));
        Assert.Equal((AuditOutcome.Clean, Keys), (next.Outcome, (int)next.Tallies.Sum(static tally => tally.Keys)));
        foreach (var server in cluster.AdminConnection.GetServers())
        {
            Assert.Empty((RedisResult[])(await server.ExecuteAsync("ACL", "LOG").DefaultTimeout())!);
        }
    }

    [Fact]
    public async Task Judge_KeyWhoseSlotWentToAnotherMaster_IsJudgedThere()
    {
        const string Key = "sg:a:{moved}";
        await using var auditor = await WholeAsync();
        await cluster.AdminConnection.GetDatabase().StringSetAsync(Key, "1").DefaultTimeout();
        var owner = cluster.AdminConnection.GetServers()[0].ClusterConfiguration!.GetBySlot(Key)!.EndPoint;
        var report = await auditor.RunAsync(dryRun: true).DefaultTimeout();
        var other = report.Visits.First(visit => visit.IsMaster == true && visit.Server != EndPointCollection.ToString(owner!)).Server;
        var server = (await auditor.Store.ServersAsync()).Servers.Single(one => one.Name == other);
        var pass = auditor.Pass();

        await pass.JudgeAsync(server, isMaster: true, [Key], CancellationToken.None).DefaultTimeout();

        Assert.Equal(1, pass.Tallies.Sum(static tally => tally.DeletedOf(KeyFault.WithoutTtl)));
        Assert.False(await cluster.AdminConnection.GetDatabase().KeyExistsAsync(Key).DefaultTimeout());
    }

    [Fact]
    public async Task Pass_ReplicaHangs_IsIncompleteUntilItAnswersAgain()
    {
        await using var auditor = await WholeAsync();
        var replica = await ReplicaAsync();
        cluster.PauseNode(replica);
        AuditReport report;
        try
        {
            report = await auditor.RunAsync().TimeoutAfter(TimeSpan.FromMinutes(1));
        }
        finally
        {
            cluster.ResumeNode(replica);
        }

        Assert.Equal(AuditOutcome.Incomplete, report.Outcome);
        Assert.Equal(VisitProblem.Away, Assert.Single(report.Visits, static visit => visit.Problem is not null).Problem);
        Assert.All(report.Settings, static finding => Assert.Equal(SettingState.Unknown, finding.State));
        await Poll.UntilAsync(async () => (await auditor.RunAsync()).IsComplete).TimeoutAfter(TimeSpan.FromMinutes(1));
    }

    /// <summary>The number of a node that is a replica now: on a busy machine the cluster may have failed over by itself.</summary>
    private async Task<int> ReplicaAsync()
    {
        for (var i = 0; i < cluster.Endpoints.Count; i++)
        {
            if (await cluster.AdminConnection.GetServer(cluster.Endpoints[i]).RoleAsync().DefaultTimeout() is Role.Replica)
            {
                return i;
            }
        }

        throw new InvalidOperationException("No node is a replica.");
    }

    /// <summary>An auditor to which all nodes are known: they need a moment to hear of each other.</summary>
    private async Task<AuditorUnderTest> WholeAsync()
    {
        await cluster.FlushAsync();
        var auditor = await AuditorUnderTest.OpenAsync(cluster.ConnectionString(RedisAccount.Auditor), SignalTopology.Cluster);
        await Poll.UntilAsync(async () => await auditor.RunAsync() is { IsComplete: true, Visits.Count: 6 }).TimeoutAfter(TimeSpan.FromMinutes(1));
        return auditor;
    }
}
