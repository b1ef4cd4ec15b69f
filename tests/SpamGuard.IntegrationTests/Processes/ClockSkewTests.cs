using System.Globalization;
using Grpc.Core;
using SpamGuard.IntegrationTests.Cli;
using SpamGuard.IntegrationTests.Fixtures;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Processes;

/// <summary>Whole processes whose clocks are wrong, on one store.</summary>
[Collection(nameof(WaitingCollection))]
public sealed class ClockSkewTests(RedisFixture redis)
{
    private const string Address = "64.10.0.1";

    [Fact]
    public async Task Score_OfProcessesThatAreMinutesApart_CountsOnTheSameRecords()
    {
        await redis.FlushAsync();
        using var pepper = new PepperFile();
        var starting = new[] { -90, 0, 90 }.Select(seconds => FakeTime.ReadyAsync(redis, pepper.Path, TimeSpan.FromSeconds(seconds))).ToList();
        await using var late = await starting[0];
        await using var right = await starting[1];
        await using var early = await starting[2];
        ServerProcess[] all = [late, right, early];

        foreach (var server in all.Concat(all))
        {
            var assessment = await server.ScoreAsync(new ScoreRequest { Event = Events.SignUp(Address), RequestId = Events.NewRequestId() });
            Assert.Equal(Quality.Full, assessment.Quality);
        }

        foreach (var server in all)
        {
            var preview = (await ServerProcess.AnsweredAsync(() => server.Scoring.PreviewAsync(new PreviewRequest { Event = Events.SignUp(Address) }))).Assessment;
            Assert.Equal(CountBucket.Some, preview.Evidence.Single(level => level.Level == SubjectLevel.Address).Units); // 3 to 9: 6
        }

        Assert.Equal(["sg:e", "sg:e"], await KeysAsync("sg:e:*")); // one salt a class
        Assert.Single(await KeysAsync("sg:a:*"));
        Assert.Equal([-90, 0, 90], (await Task.WhenAll(all.Select(OffsetAsync))).Select(offset => 10 * (int)Math.Round(-offset / 10))); // an answer that comes late moves it by its delay
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-3)]
    [InlineData(24 * 60)]
    [InlineData(-24 * 60)]
    public async Task Everything_OfAProcessThatIsFurtherOff_WritesNothing(int minutes)
    {
        await redis.FlushAsync();
        await redis.Admin.ExecuteAsync("CONFIG", "RESETSTAT").DefaultTimeout();
        using var pepper = new PepperFile();
        await using var server = await FakeTime.ReadyAsync(redis, pepper.Path, TimeSpan.FromMinutes(minutes));
        await Poll.UntilAsync(() => Task.FromResult(server.Output.Contains("ClockSkewed", StringComparison.Ordinal) || server.Output.Contains("nothing is written until", StringComparison.Ordinal))).DefaultTimeout();

        var assessments = new List<Assessment>();
        for (var i = 0; i < 8; i++)
        {
            assessments.Add((await server.Scoring.ScoreAsync(new ScoreRequest { Event = Events.SignUp(Address), RequestId = Events.NewRequestId() })).Assessment);
        }

        var batch = new ScoreBatchRequest { Requests = { Enumerable.Range(1, 8).Select(i => new ScoreRequest { Event = Events.Message($"64.20.0.{i}") }) } };
        assessments.AddRange((await server.Scoring.ScoreBatchAsync(batch)).Results.Select(result => result.Assessment));
        assessments.Add((await server.Scoring.PreviewAsync(new PreviewRequest { Event = Events.SignUp(Address) })).Assessment);
        var byToken = await CodeAsync(new ReportOutcomeRequest { DecisionToken = assessments[0].DecisionToken, Label = OutcomeLabel.Spam });
        var byAddress = await CodeAsync(new ReportOutcomeRequest { Event = Events.SignUp(Address), Label = OutcomeLabel.Spam, Reporter = "person" });
        var doctor = await DoctorRun.OfAsync(server.CommandLine[1], [.. server.CommandLine.Skip(2)]);
        await Task.Delay(TimeSpan.FromSeconds(2.5), TimeProvider.System); // aggregates are merged every second

        Assert.All(assessments, assessment => Assert.Equal(Quality.Degraded, assessment.Quality));
        Assert.Equal((StatusCode.Unavailable, StatusCode.Unavailable), (byToken, byAddress));
        Assert.Equal(("fail", "fail", "fail"), (doctor["clock"].State, doctor["store"].State, doctor["store_clock"].State));
        Assert.Equal("its clock is too far from the server's: nothing is written", doctor["store"].Found);
        Assert.Equal(0, (long)await redis.Admin.ExecuteAsync("DBSIZE").DefaultTimeout());
        Assert.DoesNotContain("cmdstat_psetex", (string?)await redis.Admin.ExecuteAsync("INFO", "commandstats").DefaultTimeout(), StringComparison.Ordinal);
        Assert.Single(server.Output.Split('\n'), line => line.Contains("nothing is written until", StringComparison.Ordinal));
        Assert.Contains("spamguard_clock_skewed 1\n", await server.MetricsAsync(), StringComparison.Ordinal);
        Assert.InRange(await OffsetAsync(server), (-minutes * 60) - 5, (-minutes * 60) + 5);
        Assert.Equal(0, await server.StopAsync()); // a stopping process merges its aggregates a last time: this one does not
        Assert.Equal(0, (long)await redis.Admin.ExecuteAsync("DBSIZE").DefaultTimeout());

        async Task<StatusCode> CodeAsync(ReportOutcomeRequest report)
        {
            try
            {
                await server.Feedback.ReportOutcomeAsync(report).ResponseAsync.DefaultTimeout();
                return StatusCode.OK;
            }
            catch (RpcException e)
            {
                return e.StatusCode;
            }
        }
    }

    [Fact]
    public async Task Roll_OfADesk_ReachesAProcessThatIsFurtherOff()
    {
        await redis.FlushAsync();
        using var pepper = new PepperFile();
        using var volume = new LedgerVolume();
        await using var desk = await ServerProcess.DeskAsync(redis, pepper.Path, volume);
        await using var scorer = await ServerProcess.ReadyAsync(redis, pepper.Path);
        await using var late = await FakeTime.ReadyAsync(redis, pepper.Path, TimeSpan.FromMinutes(-5));
        var token = (await scorer.ScoreAsync(new ScoreRequest { Event = Events.SignUp(Address) })).DecisionToken;
        await Poll.UntilAsync(async () => await ExplainedAsync() == StatusCode.OK).DefaultTimeout();
        Assert.Contains("spamguard_clock_skewed 1\n", await late.MetricsAsync(), StringComparison.Ordinal);

        await new EpochService.EpochServiceClient(desk.Channel).RollAsync(new RollRequest()).ResponseAsync.DefaultTimeout();

        await Poll.UntilAsync(async () => await ExplainedAsync() == StatusCode.InvalidArgument).TimeoutAfter(TimeSpan.FromSeconds(8)); // as for every other

        async Task<StatusCode> ExplainedAsync()
        {
            try
            {
                await late.Scoring.ExplainAsync(new ExplainRequest { DecisionToken = token }).ResponseAsync.DefaultTimeout();
                return StatusCode.OK;
            }
            catch (RpcException e)
            {
                return e.StatusCode;
            }
        }
    }

    private static async Task<double> OffsetAsync(ServerProcess server) => double.Parse(
        (await server.MetricsAsync()).Split('\n').Single(line => line.StartsWith("spamguard_clock_offset_seconds ", StringComparison.Ordinal)).Split(' ')[1],
        CultureInfo.InvariantCulture);

    private async Task<List<string>> KeysAsync(string pattern)
    {
        var keys = new List<string>();
        await foreach (var key in redis.AdminConnection.GetServers()[0].KeysAsync(pattern: pattern))
        {
            keys.Add(key.ToString()[..4]);
        }

        return keys;
    }
}
