using SpamGuard.Storage;
using SpamGuard.Storage.InProcess;
using SpamGuard.Storage.Redis;
using SpamGuard.Retention;
using SpamGuard.Testing;
using static SpamGuard.IntegrationTests.Storage.Subjects;

namespace SpamGuard.IntegrationTests.Storage;

/// <summary>The contract, in this process.</summary>
public sealed class InProcessSignalStoreTests : SignalStoreContract
{
    private protected override ISignalStore Store { get; } = new InProcessSignalStore(TimeProvider.System);
}

/// <summary>The contract, on the embedded store.</summary>
[Collection(nameof(GarnetCollection))]
public sealed class GarnetSignalStoreTests(GarnetFixture garnet) : ServerStoreContract
{
    private const int SignUps = 20_000;

    [Fact]
    public async Task Observe_TwentyThousandAtOnceOnOneAddress_LosesNone()
    {
        var now = await NowAsync();
        await Parallel.ForAsync(0, SignUps, new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (i, token) =>
            await Store.ObserveAsync([new ObservedEvent([Item(now, SubjectKind.Address, "crowd")], Replay("crowd", $"r{i}"))], token));

        Assert.Equal(SignUps, (await ReadAsync(Key(SubjectKind.Address, "crowd"))).Today);
    }

    private protected override Task<StoreUnderTest> OpenAsync() =>
        StoreUnderTest.OpenAsync(garnet.ConnectionString, SignalTopology.Standalone, admin: null);
}

/// <summary>The contract, on a real Redis as the account that a scoring process has.</summary>
[Collection(nameof(RedisCollection))]
public sealed class RedisSignalStoreTests(RedisFixture redis) : ServerStoreContract
{
    [Fact]
    public async Task Store_WhateverItDoes_FillsNoAclLog()
    {
        var now = await NowAsync();
        await redis.FlushAsync();
        await using var fresh = await OpenAsync();
        await fresh.Store.ObserveAsync([new ObservedEvent(Three(now, "acl"), Replay("acl", "r1"))], default).DefaultTimeout();
        await fresh.Store.TimeAsync(default).DefaultTimeout();
        await fresh.Store.ReadAsync([Key(SubjectKind.Address, "acl")], default).DefaultTimeout();

        Assert.Equal(0, (await redis.Admin.ExecuteAsync("ACL", "LOG")).Length);
    }

    [Fact]
    public async Task Keys_OfARecord_CostAtMost195Bytes()
    {
        const int Records = 20_000;
        var now = await NowAsync();
        var before = await MemoryAsync();
        for (var i = 0; i < Records; i += RedisSignalStore.MaxEvents)
        {
            await Store.ObserveAsync(
                [.. Enumerable.Range(i, RedisSignalStore.MaxEvents).Select(n => new ObservedEvent([Item(now, SubjectKind.Address, $"m{n}")], null))],
                default).DefaultTimeout();
        }

        // The tables double at powers of two: at 20,000 of 32,768 places they are at their fair size.
        Assert.InRange((await MemoryAsync() - before) / (double)Records, 100, 195);
    }

    private protected override Task<StoreUnderTest> OpenAsync() =>
        StoreUnderTest.OpenAsync(redis.ConnectionString(RedisAccount.Scorer), SignalTopology.Standalone, redis.AdminConnection);

    private async Task<long> MemoryAsync() =>
        long.Parse(
            (await redis.AdminConnection.GetServers()[0].InfoAsync("memory")).SelectMany(group => group).Single(pair => pair.Key == "used_memory_dataset").Value,
            System.Globalization.CultureInfo.InvariantCulture)
        + long.Parse(
            (await redis.AdminConnection.GetServers()[0].InfoAsync("memory")).SelectMany(group => group).Single(pair => pair.Key == "used_memory_overhead").Value,
            System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The contract, on a cluster of three masters.</summary>
[Collection(nameof(RedisClusterCollection))]
public sealed class ClusterSignalStoreTests(RedisClusterFixture cluster) : ServerStoreContract
{
    [Fact]
    public async Task Report_WhoseSecondRoundWasLost_IsMadeWholeByItsRetry()
    {
        var now = await NowAsync();
        SubjectItem[] items = [Item(now, SubjectKind.Address, "lost"), Item(now, SubjectKind.Network, "lost", member: 4), Item(now, SubjectKind.Region, "lost", member: 8)];
        var report = new ReportedEvent(items, Spam: true, Once(now, "lost", "d1"));
        await Store.ReportAsync([report], default).DefaultTimeout();
        foreach (var kind in new[] { SubjectKind.Network, SubjectKind.Region })
        {
            await Server.Admin.KeyDeleteAsync(Keys.Subject(Key(kind, "lost"))).DefaultTimeout();
        }

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(ReplyStatus.Duplicate, Assert.Single(await Store.ReportAsync([report], default).DefaultTimeout()).Status);
        }

        Assert.Equal(1, (await ReadAsync(Key(SubjectKind.Address, "lost"))).Spam);
        Assert.Equal(1, (await ReadAsync(Key(SubjectKind.Network, "lost"))).Spam);
        Assert.Equal(1, (await ReadAsync(Key(SubjectKind.Region, "lost"))).Spam);
    }

    private protected override bool ReplaysEveryLevel => false;

    private protected override Task<StoreUnderTest> OpenAsync() =>
        StoreUnderTest.OpenAsync(cluster.ConnectionString(RedisAccount.Scorer), SignalTopology.Cluster, cluster.AdminConnection);
}
