using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Storage.Redis;
using SpamGuard.Testing;
using StackExchange.Redis;
using static SpamGuard.IntegrationTests.Storage.Subjects;

namespace SpamGuard.IntegrationTests.Storage;

/// <summary>What every store does alike with overrides, as the desk's account: each with its end, and all of them on a list.</summary>
public abstract class OverrideStoreContract : IAsyncLifetime
{
    private const int Hour = 3600;

    private StoreUnderTest? _server;

    private StoreUnderTest Server => _server!;

    private RedisOverrideStore Store => Server.Overrides;

    public async Task InitializeAsync()
    {
        _server = await OpenAsync();
        await _server.FlushAsync();
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    private protected abstract Task<StoreUnderTest> OpenAsync();

    [Fact]
    public async Task List_OfAnEmptyStore_IsEmpty()
    {
        Assert.Empty(await Store.ListAsync(default).DefaultTimeout());
        Assert.Null(Assert.Single(await Store.ReadAsync([OverrideId.New(RetentionClass.Address)], default).DefaultTimeout()));
    }

    [Fact]
    public async Task Set_OfEveryLevel_IsListedAndReadAndEndsByItself()
    {
        var now = await NowAsync();
        OperatorOverride[] said = [Said(now, SubjectKind.Address, 2 * Hour), Said(now, SubjectKind.Network, 3 * Hour), Said(now, SubjectKind.Region, Hour)];
        foreach (var one in said)
        {
            Assert.Equal(0, await Store.SetAsync(one, [], replicas: 0, default).DefaultTimeout());
        }

        Assert.Equal(said.Select(one => (one.Id, one.ExpireTime)), await Store.ListAsync(default).DefaultTimeout());
        Assert.Equal((OperatorOverride?[])said, await Store.ReadAsync([.. said.Select(one => one.Id)], default).DefaultTimeout());
        var lives = await Server.LivesAsync();
        Assert.Equal(4, lives.Count);
        foreach (var one in said)
        {
            Assert.InRange(lives[$"sg:x:{one.Id}"], 1, (one.ExpireTime - now) * 1000);
        }

        Assert.InRange(lives["sg:x:n:ids"], lives[$"sg:x:{said[0].Id}"], 3 * Hour * 1000);
    }

    [Fact]
    public async Task Set_Replacing_IsOneStepOnTheListAndTakesTheOtherAway()
    {
        var now = await NowAsync();
        var (before, other, after) = (Said(now, SubjectKind.Address, Hour), Said(now, SubjectKind.Network, Hour), Said(now, SubjectKind.Address, Hour));
        await Store.SetAsync(before, [], replicas: 0, default).DefaultTimeout();
        await Store.SetAsync(other, [], replicas: 0, default).DefaultTimeout();

        await Store.SetAsync(after, [before.Id], replicas: 0, default).DefaultTimeout();
        await Store.SetAsync(after, [before.Id], replicas: 0, default).DefaultTimeout(); // sent again

        Assert.Equal([other.Id, after.Id], (await Store.ListAsync(default).DefaultTimeout()).Select(entry => entry.Id));
        Assert.Equal((OperatorOverride?[])[null, after], await Store.ReadAsync([before.Id, after.Id], default).DefaultTimeout());
        Assert.Equal(3, (await Server.LivesAsync()).Count);
    }

    [Fact]
    public async Task Clear_OneOfTwoAndThenTheOther_LeavesNothing()
    {
        var now = await NowAsync();
        var (first, second) = (Said(now, SubjectKind.Address, Hour), Said(now, SubjectKind.Region, Hour));
        await Store.SetAsync(first, [], replicas: 0, default).DefaultTimeout();
        await Store.SetAsync(second, [], replicas: 0, default).DefaultTimeout();

        await Store.ClearAsync(first.Id, replicas: 0, default).DefaultTimeout();
        Assert.Equal([second.Id], (await Store.ListAsync(default).DefaultTimeout()).Select(entry => entry.Id));
        await Store.ClearAsync(first.Id, replicas: 0, default).DefaultTimeout(); // again
        await Store.ClearAsync(second.Id, replicas: 0, default).DefaultTimeout();

        Assert.Empty(await Server.LivesAsync());
    }

    [Theory]
    [InlineData(SubjectKind.Address, 7)]
    [InlineData(SubjectKind.Network, 30)]
    internal async Task Set_BeyondTheCapOfItsClassOrPast_IsRefusedAndWritesNothing(SubjectKind kind, int days)
    {
        var now = await NowAsync();
        foreach (var life in new[] { (days * 86_400) + 60, 0, -60 })
        {
            var failure = await Assert.ThrowsAsync<StoreException>(() => Store.SetAsync(Said(now, kind, life), [], replicas: 0, default).AsTask().DefaultTimeout());
            Assert.Equal(StoreFailure.Refused, failure.Failure);
        }

        Assert.Empty(await Server.LivesAsync());
    }

    [Fact]
    public async Task Set_MoreThanThereMayBe_IsNotDoneButForOneThatReplaces()
    {
        var now = await NowAsync();
        var ids = Enumerable.Range(0, OverrideIds.Most).Select(i => new OverrideId(RetentionClass.Address, (ulong)i)).ToList();
        await PlantAsync([1, .. ids.SelectMany(id => OverrideIds.Entry(id, now + Hour))]);

        Assert.Null(await Store.SetAsync(Said(now, SubjectKind.Address, Hour), [], replicas: 0, default).DefaultTimeout());
        Assert.Equal(ids, (await Store.ListAsync(default).DefaultTimeout()).Select(entry => entry.Id));
        Assert.Single(await Server.LivesAsync());

        Assert.NotNull(await Store.SetAsync(Said(now, SubjectKind.Address, Hour), [ids[7]], replicas: 0, default).DefaultTimeout());
        Assert.Equal(OverrideIds.Most, (await Store.ListAsync(default).DefaultTimeout()).Count);
    }

    [Fact]
    public async Task Set_OnAListWithEndsThatAreOverOrCannotBe_LeavesTheseOut()
    {
        var now = await NowAsync();
        OverrideId[] ids = [.. Enumerable.Range(0, 4).Select(i => new OverrideId(RetentionClass.Address, (ulong)i))];
        await PlantAsync([1, .. OverrideIds.Entry(ids[0], now - 1), .. OverrideIds.Entry(ids[1], now + 60), .. OverrideIds.Entry(ids[2], uint.MaxValue), .. OverrideIds.Entry(ids[3], 0)]);
        var said = Said(now, SubjectKind.Address, Hour);

        await Store.SetAsync(said, [], replicas: 0, default).DefaultTimeout();

        Assert.Equal([ids[1], said.Id], (await Store.ListAsync(default).DefaultTimeout()).Select(entry => entry.Id));
    }

    [Theory]
    [InlineData("foreign")]
    [InlineData("\u0001half an entry")]
    public async Task List_ThatIsNone_IsMalformedUntilTheNextSet(string foreign)
    {
        await PlantAsync(System.Text.Encoding.Latin1.GetBytes(foreign));

        var failure = await Assert.ThrowsAsync<StoreException>(() => Store.ListAsync(default).AsTask().DefaultTimeout());
        var said = Said(await NowAsync(), SubjectKind.Address, Hour);
        await Store.SetAsync(said, [], replicas: 0, default).DefaultTimeout();

        Assert.Equal(StoreFailure.Malformed, failure.Failure);
        Assert.Equal([said.Id], (await Store.ListAsync(default).DefaultTimeout()).Select(entry => entry.Id));
    }

    private static OperatorOverride Said(long now, SubjectKind kind, int seconds) =>
        new(OverrideId.New(kind.Class()), Key(kind, "overridden"), Verdict.Deny, now, now + seconds);

    private async Task<long> NowAsync() => await Server.Store.TimeAsync(default).DefaultTimeout() / 1000;

    private Task<RedisResult> PlantAsync(byte[] list) => Server.Admin.ExecuteAsync("PSETEX", (RedisKey)Keys.OverrideIds(), 600_000, list).DefaultTimeout();
}
