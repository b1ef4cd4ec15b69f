using System.Security.Cryptography;
using Grpc.Core;
using SpamGuard.Epochs;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Testing;
using SpamGuard.V1;
using StackExchange.Redis;

namespace SpamGuard.IntegrationTests.Desk;

/// <summary>No success is told under salts that are not the store's: what the store holds would not have been looked for.</summary>
public sealed class SubjectSaltsTests(EraseFixture server) : IClassFixture<EraseFixture>
{
    private SubjectService.SubjectServiceClient Subjects => new(server.Channel);

    [Fact]
    public async Task InspectAndErase_SaltThatThisDeskCannotUse_AreUnavailableUntilItIsGivenBack()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var before = new EpochCalendar().At(RetentionClass.Address, now).Previous;
        await EraseAsync();

        await StoredEpochs.PlantAsync(server.Redis, before, RandomNumberGenerator.GetBytes(PepperRing.PepperSize), now);
        await AssertUnavailableAsync();
        await server.Redis.Admin.StringSetAsync((RedisKey)Keys.Epoch(before), "not a salt", TimeSpan.FromMinutes(5)).DefaultTimeout();
        await AssertUnavailableAsync();

        await StoredEpochs.PlantAsync(server.Redis, before, server.Pepper, now);
        await EraseAsync();
    }

    [Fact]
    public async Task Erase_StoreThatRefuses_IsUnavailableMeteredAndInTheLogOfWhoeverMustRepeatIt()
    {
        const string Series = "spamguard_erasures_total{result=\"unavailable\"}";
        var before = await server.MetricAsync(Series);
        await server.Redis.Admin.ExecuteAsync("ACL", "SETUSER", "desk", "-eval").DefaultTimeout();
        try
        {
            Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(EraseAsync)).StatusCode);
        }
        finally
        {
            await server.Redis.Admin.ExecuteAsync("ACL", "SETUSER", "desk", "+eval").DefaultTimeout();
        }

        Assert.Equal(before + 1, await server.MetricAsync(Series));
        Assert.Contains(server.Logs.Logs, log => log.Event.Name == "ErasureFailed" && log.Text.Contains("development", StringComparison.Ordinal));
        await EraseAsync();
    }

    private async Task EraseAsync() => await Subjects.EraseAsync(new EraseRequest { Address = "71.31.0.1", Attestation = "card" }).ResponseAsync.DefaultTimeout();

    private async Task AssertUnavailableAsync()
    {
        var inspect = Subjects.InspectAsync(new InspectRequest { Address = "71.31.0.1", Attestation = "card" }).ResponseAsync.DefaultTimeout();
        foreach (var call in (Func<Task>[])[EraseAsync, () => inspect])
        {
            var error = await Assert.ThrowsAsync<RpcException>(call);
            Assert.Equal((StatusCode.Unavailable, "STORE_UNAVAILABLE"), (error.StatusCode, error.Info().Reason));
        }
    }
}
