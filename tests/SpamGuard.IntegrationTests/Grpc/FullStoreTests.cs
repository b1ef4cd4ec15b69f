using SpamGuard.Storage.Redis;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Grpc;

/// <summary>What callers see while the store runs full.</summary>
public sealed class FullStoreTests(RedisServerFixture server) : IClassFixture<RedisServerFixture>
{
    private const int Room = 8 << 20;

    [Fact]
    public async Task Score_FreshAddressInAFullStore_IsJudgedByItsNetworkAndLeavesNoRecordOfItself()
    {
        await FillAsync();
        var first = await ScoreAsync("36.0.0.1");
        for (var i = 2; i < 12; i++)
        {
            await ScoreAsync($"36.0.0.{i}");
        }

        var last = await ScoreAsync("36.0.0.100");

        Assert.All([first, last], answer => Assert.Equal(Quality.Full, answer.Quality));
        Assert.Equal(CountBucket.None, Level(first, SubjectLevel.Network).Units);
        Assert.NotEqual(CountBucket.None, Level(last, SubjectLevel.Network).Units);
        Assert.Equal(CountBucket.None, Level(await ScoreAsync("36.0.0.100"), SubjectLevel.Address).Units);
        Assert.Empty(await KeysAsync("sg:a:*"));
        Assert.NotEmpty(await KeysAsync("sg:n:*"));

        var byToken = await server.Feedback.ReportOutcomeAsync(new ReportOutcomeRequest { DecisionToken = last.DecisionToken, Label = OutcomeLabel.Spam });
        Assert.Equal(ReportResult.StateExpired, byToken.Result);
        var byAddress = await server.Feedback.ReportOutcomeAsync(new ReportOutcomeRequest { Event = Events.SignUp("36.0.0.100"), Label = OutcomeLabel.Spam });
        Assert.Equal(ReportResult.Applied, byAddress.Result);
        Assert.NotEqual(CountBucket.None, Level(await ScoreAsync("36.0.0.100"), SubjectLevel.Network).SpamReports);
        Assert.Empty(await KeysAsync("sg:a:*"));
    }

    private async Task FillAsync()
    {
        var master = server.Redis.AdminConnection.GetServers()[0];
        async Task<long> UsedAsync() => StoreMemoryReading.Of(await master.InfoRawAsync("memory").DefaultTimeout(), stats: null)!.Used;

        var limit = await UsedAsync() + Room;
        await server.Redis.Admin.ExecuteAsync("CONFIG", "SET", "maxmemory", limit).DefaultTimeout();
        for (var i = 0; await UsedAsync() < 0.87 * limit; i++)
        {
            await server.Redis.Admin.StringSetAsync($"sg:w:filler{i}", new byte[64 << 10], TimeSpan.FromDays(30)).DefaultTimeout();
        }

        await Poll.UntilAsync(async () => (await server.MetricsAsync()).Contains("spamguard_store_memory_tight 1\n", StringComparison.Ordinal)).DefaultTimeout();
    }

    private async Task<Assessment> ScoreAsync(string address) =>
        (await server.Scoring.ScoreAsync(new ScoreRequest { Event = Events.SignUp(address) }).ResponseAsync.DefaultTimeout()).Assessment;

    private async Task<List<string>> KeysAsync(string pattern)
    {
        var keys = new List<string>();
        await foreach (var key in server.Redis.AdminConnection.GetServers()[0].KeysAsync(pattern: pattern))
        {
            keys.Add(key.ToString());
        }

        return keys;
    }

    private static LevelEvidence Level(Assessment assessment, SubjectLevel level) => assessment.Evidence.Single(evidence => evidence.Level == level);
}
