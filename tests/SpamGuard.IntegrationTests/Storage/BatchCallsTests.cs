using System.Globalization;
using System.Net;
using SpamGuard.Addresses;
using SpamGuard.Policies;
using SpamGuard.Scoring;
using SpamGuard.Storage;
using SpamGuard.Storage.Redis;
using SpamGuard.Testing;
using StackExchange.Redis;

namespace SpamGuard.IntegrationTests.Storage;

/// <summary>How many calls a batch of the largest size is, and that a cluster answers it as a single server does.</summary>
[Collection(nameof(RedisClusterCollection))]
public sealed class BatchCallsTests(RedisClusterFixture cluster, RedisFixture redis) : IClassFixture<RedisFixture>, IAsyncLifetime
{
    private const int Largest = 256;

    // A few addresses come a dozen times, as sign-ups and as messages; the others once.
    private static readonly (SpamEvent Event, Guid? RequestId)[] Batch =
    [
        .. Enumerable.Range(0, Largest).Select(i =>
        {
            Assert.True(ClientAddress.TryFromBytes(i < 64 ? [71, 0, 0, (byte)(i % 5)] : [71, (byte)(i % 7), (byte)(i % 16), (byte)i], out var address));
            return (new SpamEvent(i % 4 == 0 ? EventKind.Message : EventKind.SignUp, address, i % 3 == 0 ? new byte[] { (byte)i } : default, default), (Guid?)new Guid(i + 1, 0, 0, new byte[8]));
        }),
    ];

    public async Task InitializeAsync()
    {
        await cluster.FlushAsync();
        await redis.FlushAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task ScoreBatch_OfTheLargestSizeOnOneServer_IsOneScriptCall()
    {
        await using var server = await SingleAsync();
        var now = await server.Store.TimeAsync(default) / 1000;
        using var scorer = await BatchScorer.StartAsync(server.At(now), now);
        await scorer.ScoreAsync(Batch[..1]); // brings the script there
        var before = await ScriptCallsAsync(redis.AdminConnection.GetServers()[0]);

        var answers = await scorer.ScoreAsync(Batch);

        Assert.Equal(Largest, answers.Length);
        Assert.Equal(before + 1, await ScriptCallsAsync(redis.AdminConnection.GetServers()[0]));
    }

    [Fact]
    public async Task ScoreBatch_OfTheLargestSizeOnACluster_IsAScriptCallForEachSlot()
    {
        await using var server = await ClusterAsync();
        var now = await server.Store.TimeAsync(default) / 1000;
        using var scorer = await BatchScorer.StartAsync(server.At(now), now);
        await scorer.ScoreAsync([.. Batch.Select(one => (one.Event, (Guid?)null))]); // brings the script to every server
        var before = await ScriptCallsByServerAsync();

        var answers = await scorer.ScoreAsync(Batch);

        var slots = answers.SelectMany(answer => scorer.Footprint(answer).Subjects).Select(subject => cluster.AdminConnection.HashSlot(Keys.Subject(subject.Current)));
        var nodes = (await cluster.AdminConnection.GetServers()[0].ClusterNodesAsync())!;
        var expected = slots.Distinct().CountBy(slot => nodes.GetBySlot(slot)!.EndPoint!).ToDictionary();
        var after = await ScriptCallsByServerAsync();
        Assert.Equal(RedisClusterFixture.Masters, expected.Count);
        Assert.All(after, server => Assert.Equal(expected[server.Key], server.Value - before[server.Key]));
    }

    [Fact]
    public async Task ScoreBatch_OnACluster_IsAnsweredAsOnOneServer()
    {
        await using var single = await SingleAsync();
        await using var many = await ClusterAsync();
        var now = await single.Store.TimeAsync(default) / 1000;
        using var alone = await BatchScorer.StartAsync(single.At(now), now);
        using var spread = await BatchScorer.StartAsync(many.At(now), now);

        var verdicts = new SortedSet<Verdict>();
        for (var round = 0; round < 2; round++)
        {
            var events = Batch.Select(one => (one.Event, round == 0 ? one.RequestId : null)).ToList();
            var expected = await alone.ScoreAsync(events);
            var answers = await spread.ScoreAsync(events);

            Assert.Equal(expected.Select(Comparable), answers.Select(Comparable));
            verdicts.UnionWith(answers.Select(answer => answer.Verdict));
        }

        Assert.Equal([Verdict.Allow, Verdict.Challenge, Verdict.Throttle, Verdict.Deny], verdicts);
    }

    private static string Comparable(Assessment assessment) => FormattableString.Invariant(
        $"{assessment.Verdict} {assessment.SpamProbability:R} {assessment.RetryAfterSeconds} {assessment.Replayed} {string.Join(' ', assessment.Reasons)} {string.Join(' ', assessment.Evidence)}");

    private static async Task<long> ScriptCallsAsync(IServer server)
    {
        var statistics = (await server.InfoAsync("commandstats").DefaultTimeout()).SelectMany(group => group).Where(pair => pair.Key == "cmdstat_evalsha");
        return statistics.Select(pair => long.Parse(pair.Value["calls=".Length..pair.Value.IndexOf(',', StringComparison.Ordinal)], CultureInfo.InvariantCulture)).SingleOrDefault();
    }

    private async Task<Dictionary<EndPoint, long>> ScriptCallsByServerAsync()
    {
        var calls = new Dictionary<EndPoint, long>();
        foreach (var server in cluster.AdminConnection.GetServers())
        {
            calls.Add(server.EndPoint, await ScriptCallsAsync(server));
        }

        return calls;
    }

    private Task<StoreUnderTest> SingleAsync() =>
        StoreUnderTest.OpenAsync(redis.ConnectionString(RedisAccount.Scorer), SignalTopology.Standalone, redis.AdminConnection);

    private Task<StoreUnderTest> ClusterAsync() =>
        StoreUnderTest.OpenAsync(cluster.ConnectionString(RedisAccount.Scorer), SignalTopology.Cluster, cluster.AdminConnection);
}
