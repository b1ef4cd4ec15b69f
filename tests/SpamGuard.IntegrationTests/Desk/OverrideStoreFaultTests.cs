using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using SpamGuard.Desk.Ledger;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.IntegrationTests.Storage;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Testing;
using SpamGuard.V1;
using StackExchange.Redis;

namespace SpamGuard.IntegrationTests.Desk;

/// <summary>A store that is full, forgets, holds what nobody set, or is away.</summary>
public sealed class OverrideStoreFaultTests(EraseFixture server) : IClassFixture<EraseFixture>, IAsyncLifetime
{
    private OverrideService.OverrideServiceClient Overrides => new(server.Channel);

    public async Task InitializeAsync()
    {
        foreach (var said in await ListAsync())
        {
            await ClearAsync(said.Id);
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Set_AThousandAndFirst_IsRefusedAndSaysWhatToDo()
    {
        var end = (uint)(await NowAsync() + 300);
        await PlantAsync(Keys.OverrideIds(), [1, .. Enumerable.Range(0, OverrideIds.Most).SelectMany(i => OverrideIds.Entry(new OverrideId(RetentionClass.Network, (ulong)i), end))]);

        var error = await Assert.ThrowsAsync<RpcException>(() => SetAsync("83.1.0.1"));

        await server.Redis.Admin.KeyDeleteAsync(Keys.OverrideIds()).DefaultTimeout();
        Assert.Equal(
            (StatusCode.ResourceExhausted, "TOO_MANY_OVERRIDES", "1000 overrides are in force, and more there can't be. Clear some, or say it of a network."),
            (error.StatusCode, error.Info().Reason, error.Status.Detail));
    }

    [Fact]
    public async Task SetAndClear_AmongSomeThatHaveEnded_CountOnlyWhatIsInForce()
    {
        var now = await NowAsync();
        var ended = new OverrideId(RetentionClass.Network, 0);
        await PlantAsync(
            Keys.OverrideIds(),
            [
                1,
                .. OverrideIds.Entry(ended, now - 1),
                .. Enumerable.Range(1, OverrideIds.Most - 1).SelectMany(i => OverrideIds.Entry(new OverrideId(RetentionClass.Network, (ulong)i), now + 300)),
            ]);

        var unknown = await Assert.ThrowsAsync<RpcException>(() => ClearAsync(ended.ToString()));
        await SetAsync("83.4.0.1");
        var error = await Assert.ThrowsAsync<RpcException>(() => SetAsync("83.4.0.2"));

        await server.Redis.Admin.KeyDeleteAsync(Keys.OverrideIds()).DefaultTimeout();
        Assert.Equal((StatusCode.NotFound, "OVERRIDE_UNKNOWN"), (unknown.StatusCode, unknown.Info().Reason));
        Assert.Equal("TOO_MANY_OVERRIDES", error.Info().Reason);
    }

    [Fact]
    public async Task List_StoreThatHasForgotten_SaysLostAndASetAgainMendsIt()
    {
        var set = await SetAsync("83.2.0.1");
        await server.Redis.Admin.KeyDeleteAsync([Keys.OverrideIds(), $"sg:x:{set.Id}"]).DefaultTimeout();

        Assert.Equal(OverrideState.Lost, Assert.Single(await ListAsync()).State);
        await ClearAsync(set.Id);
        await SetAsync("83.2.0.1");

        Assert.Equal(OverrideState.InForce, Assert.Single(await ListAsync()).State);
    }

    [Fact]
    public async Task List_OverrideThatNobodySet_SaysUnaccountedAndItCanBeCleared()
    {
        var id = OverrideId.New(RetentionClass.Address);
        var now = await NowAsync();
        var said = new OperatorOverride(id, new(SubjectKind.Address, Subjects.Token("thief")), SpamGuard.Policies.Verdict.Allow, now, now + 300);
        await PlantAsync(Keys.Override(id), said.Pack());
        await PlantAsync(Keys.OverrideIds(), [1, .. OverrideIds.Entry(id, said.ExpireTime)]);

        var listed = Assert.Single(await ListAsync());
        await ClearAsync(id.ToString());

        Assert.Equal((id.ToString(), OverrideState.Unaccounted, "", Verdict.Allow), (listed.Id, listed.State, listed.Operator, listed.Verdict));
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Set_StoreRefuses_IsUnavailableAndNotInForce()
    {
        // Whoever overwrites the list with what is no string keeps the desk from writing it.
        await server.Redis.Admin.ListRightPushAsync(Keys.OverrideIds(), "x").DefaultTimeout();

        var set = await Assert.ThrowsAsync<RpcException>(() => SetAsync("83.3.0.1"));
        var list = await Assert.ThrowsAsync<RpcException>(ListAsync);

        await server.Redis.Admin.KeyDeleteAsync(Keys.OverrideIds()).DefaultTimeout();
        Assert.All([set, list], error => Assert.Equal((StatusCode.Unavailable, "STORE_UNAVAILABLE"), (error.StatusCode, error.Info().Reason)));
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Set_StoreFailsAfterIt_IsUnknownAndInForceAndWhatItReplacedUncertainUntilItIsCleared()
    {
        var before = await SetAsync("83.5.0.1");
        await server.Redis.Admin.ExecuteAsync("ACL", "SETUSER", "desk", "-unlink").DefaultTimeout(); // it lists the new one, and can't take the old one away
        RpcException error;
        try
        {
            error = await Assert.ThrowsAsync<RpcException>(() => SetAsync("83.5.0.1"));
        }
        finally
        {
            await server.Redis.Admin.ExecuteAsync("ACL", "SETUSER", "desk", "+unlink").DefaultTimeout();
        }

        var listed = await ListAsync();
        foreach (var one in listed)
        {
            await ClearAsync(one.Id);
        }

        Assert.Equal((StatusCode.Unavailable, "STORE_UNAVAILABLE"), (error.StatusCode, error.Info().Reason));
        Assert.Equal(2, listed.Count);
        Assert.All(listed, one => Assert.Equal(one.Id == before.Id ? OverrideState.Uncertain : OverrideState.InForce, one.State));
        Assert.All(listed, static one => Assert.Equal("a reason", one.Reason));
        Assert.Contains(listed, one => one.Id == before.Id);
        Assert.Equal("unknown", LedgerVolume.EntriesOf(server.Services.GetRequiredService<DeskLedger>().FilePath).Last(static entry => entry is { Act: LedgerAct.OverrideSet, Phase: LedgerPhase.Outcome }).Result);
        Assert.Empty(await ListAsync());
    }

    private Task<OverrideServiceSetResponse> SetAsync(string address) => Overrides
        .SetAsync(new OverrideServiceSetRequest { Address = address, Verdict = Verdict.Deny, Reason = "a reason", Ttl = new Duration { Seconds = 300 } })
        .ResponseAsync.DefaultTimeout();

    private Task<OverrideServiceClearResponse> ClearAsync(string id) => Overrides.ClearAsync(new OverrideServiceClearRequest { Id = id }).ResponseAsync.DefaultTimeout();

    private async Task<IReadOnlyList<Override>> ListAsync() => (await Overrides.ListAsync(new OverrideServiceListRequest()).ResponseAsync.DefaultTimeout()).Overrides;

    private async Task<long> NowAsync() => ((DateTimeOffset)await server.Redis.AdminConnection.GetServers()[0].TimeAsync().DefaultTimeout()).ToUnixTimeSeconds();

    private Task<RedisResult> PlantAsync(byte[] key, byte[] value) => server.Redis.Admin.ExecuteAsync("PSETEX", (RedisKey)key, 300_000, value).DefaultTimeout();
}
