using System.Text.Json;
using SpamGuard.Records;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Storage.Redis;
using SpamGuard.Testing;
using StackExchange.Redis;
using static SpamGuard.IntegrationTests.Storage.Subjects;

namespace SpamGuard.IntegrationTests.Storage;

/// <summary>The scripts give the same bytes as the model's reference implementation, with the clock held at each vector's time.</summary>
public abstract class GoldenUpdateServerTests
{
    private const int Vectors = 481;
    private const int LifeMilliseconds = 600_000;

    private protected abstract Task<StoreUnderTest> OpenAsync();

    [Fact]
    public async Task Scripts_EveryVector_WriteTheReferenceBytes()
    {
        await using var server = await OpenAsync();
        await server.FlushAsync();
        var key = (RedisKey)Keys.Subject(Key(SubjectKind.Network, "golden"));
        var vectors = 0;
        await foreach (var line in File.ReadLinesAsync(Path.Combine(AppContext.BaseDirectory, "Data", "golden-updates.ndjson")))
        {
            using var vector = JsonDocument.Parse(line);
            var root = vector.RootElement;
            var before = root.GetProperty("before").GetString();
            await server.Admin.KeyDeleteAsync(key).DefaultTimeout();
            if (before is not null)
            {
                await server.Admin.ExecuteAsync("PSETEX", key, LifeMilliseconds, Convert.FromHexString(before)).DefaultTimeout();
            }

            var now = root.GetProperty("now").GetInt64();
            var item = Item(
                now, SubjectKind.Network, "golden", root.GetProperty("member").GetUInt32(), mayCreate: true, root.GetProperty("fast").GetInt32(), root.GetProperty("slow").GetInt32());

            var store = server.At(now);
            var reply = root.GetProperty("what").GetString() switch
            {
                "event" => Assert.Single(await store.ObserveAsync([new ObservedEvent([item], null)], default).DefaultTimeout()),
                var label => Assert.Single(await store.ReportAsync([new ReportedEvent([item], label == "spam", null)], default).DefaultTimeout()),
            };

            Assert.Equal(now, reply.Now);
            Assert.Equal(before is null ? default : SignalRecord.Read(Convert.FromHexString(before)), reply.Records[0].Current);
            var after = root.GetProperty("units") is { ValueKind: JsonValueKind.Number } units && units.GetInt32() > 0 ? root.GetProperty("after").GetString() : before;
            var found = (byte[]?)await server.Admin.StringGetAsync(key).DefaultTimeout();
            Assert.True(after == (found is null ? null : Convert.ToHexStringLower(found)), line);
            vectors++;
        }

        Assert.Equal(Vectors, vectors);
    }
}

/// <inheritdoc/>
[Collection(nameof(GarnetCollection))]
public sealed class GarnetGoldenUpdateTests(GarnetFixture garnet) : GoldenUpdateServerTests
{
    private protected override Task<StoreUnderTest> OpenAsync() =>
        StoreUnderTest.OpenAsync(garnet.ConnectionString, SignalTopology.Standalone, admin: null);
}

/// <inheritdoc/>
[Collection(nameof(RedisCollection))]
public sealed class RedisGoldenUpdateTests(RedisFixture redis) : GoldenUpdateServerTests
{
    private protected override Task<StoreUnderTest> OpenAsync() =>
        StoreUnderTest.OpenAsync(redis.ConnectionString(RedisAccount.Scorer), SignalTopology.Standalone, redis.AdminConnection);
}
