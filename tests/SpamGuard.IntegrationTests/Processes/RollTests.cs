extern alias cli;

using System.Text.Json;
using cli::SpamGuard.Cli;
using Google.Rpc;
using Grpc.Core;
using SpamGuard.Desk.Ledger;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Testing;
using SpamGuard.V1;
using Verbs = cli::SpamGuard.Cli.CommandLine;

namespace SpamGuard.IntegrationTests.Processes;

/// <summary>The emergency roll, asked of one process and followed by all.</summary>
[Collection(nameof(ProcessesCollection))]
public sealed class RollTests(RedisFixture redis)
{
    private const string Address = "66.10.0.1";

    // One refresh, and what a busy machine adds.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task Roll_AskedOfTheDesk_IsFollowedByEveryProcessWithinOneRefresh()
    {
        await redis.FlushAsync();
        using var pepper = new PepperFile();
        using var volume = new LedgerVolume();
        var starting = (ServerProcess.DeskAsync(redis, pepper.Path, volume), ServerProcess.ReadyAsync(redis, pepper.Path));
        await using var scorer = await ServerProcess.ReadyAsync(redis, pepper.Path);
        await using var other = await starting.Item2;
        await using var desk = await starting.Item1;
        var before = await scorer.ScoreAsync(new ScoreRequest { Event = Events.SignUp(Address) });
        for (var i = 0; i < 4; i++)
        {
            before = await scorer.ScoreAsync(new ScoreRequest { Event = Events.SignUp(Address) });
        }

        Assert.Equal(CountBucket.Some, (await UnitsAsync(other)).Units);
        var notServed = await Assert.ThrowsAsync<RpcException>(async () => await new EpochService.EpochServiceClient(scorer.Channel).RollAsync(new RollRequest()));
        Assert.Equal(StatusCode.Unimplemented, notServed.StatusCode); // for which the command line asks whether it is the desk

        var current = new EpochCalendar().At(RetentionClass.Network, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        await using var thief = await redis.ConnectAsync(RedisAccount.Scorer, RedisFixture.NarrowCommands);
        foreach (var epoch in new[] { current, current.Next })
        {
            await thief.GetDatabase().ExecuteAsync("PSETEX", Keys.Epoch(epoch), 1_000_000, "no salt").DefaultTimeout();
        }

        var rolled = await new EpochService.EpochServiceClient(desk.Channel).RollAsync(new RollRequest()).ResponseAsync.DefaultTimeout();

        Assert.Contains("was deleted", rolled.Lost, StringComparison.Ordinal);
        Assert.Equal(4, rolled.Epochs.Count(epoch => epoch.NewGeneration > epoch.OldGeneration)); // of each class the current and the one before
        Assert.Contains("is lost", rolled.Lost, StringComparison.Ordinal);
        foreach (var server in new[] { scorer, other })
        {
            await Poll.UntilAsync(async () => (await UnitsAsync(server)).Units == CountBucket.None).TimeoutAfter(Limit);
            var fault = await Assert.ThrowsAsync<RpcException>(async () => await server.Scoring.ExplainAsync(new ExplainRequest { DecisionToken = before.DecisionToken }));
            Assert.Equal("DECISION_TOKEN_INVALID", fault.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason);
            Assert.Contains("spamguard_salt_conflicts_total{class=\"address\"} 0\n", await server.MetricsAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(
            rolled.Epochs.Select(epoch => (epoch.Number, (long)epoch.NewGeneration)),
            volume.Entries(LedgerAct.EpochRoll)[^1].Data["epochs"]!.AsArray().Select(epoch => ((int)epoch!["number"]!, (long)epoch["new_generation"]!)));
        await scorer.ScoreAsync(new ScoreRequest { Event = Events.SignUp(Address) });
        Assert.Equal(CountBucket.Few, (await UnitsAsync(other)).Units); // on one record again
    }

    [Fact]
    public async Task EpochRoll_OnTheCommandLine_DoesNothingWithoutYesAndSaysWhatIsLostWithIt()
    {
        await redis.FlushAsync();
        using var pepper = new PepperFile();
        using var volume = new LedgerVolume();
        await using var desk = await ServerProcess.DeskAsync(redis, pepper.Path, volume);

        var (asked, _, question) = await RunAsync("epoch", "roll");
        Assert.Equal(ExitCodes.Usage, asked);
        Assert.Contains("Nothing was done. With --yes this begins anew the current address and network epochs", question, StringComparison.Ordinal);
        var (unknown, _, _) = await RunAsync("epoch", "roll", "--yes", "--class", "account");
        Assert.Equal(ExitCodes.Usage, unknown);

        var (code, output, errors) = await RunAsync("epoch", "roll", "--yes", "--class", "network");
        Assert.Equal(ExitCodes.Ok, code);
        Assert.Contains("is lost", errors, StringComparison.Ordinal);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("class\tepoch\told_generation\tnew_generation\texpire_time\tpepper_id\treplicas_acknowledged", lines[0]);
        Assert.Matches("^NETWORK\t[0-9]+\t1\t[0-9]{10}\t[0-9TZ:-]+\t[0-9a-f]{16}\t0$", lines[1]);

        var (_, json, _) = await RunAsync("epoch", "roll", "--yes", "--json");
        using var document = JsonDocument.Parse(json);
        Assert.Equal(4, document.RootElement.GetProperty("epochs").GetArrayLength());

        await redis.StopAsync();
        try
        {
            var (away, nothing, fault) = await RunAsync("epoch", "roll", "--yes", "--timeout", "20s");
            Assert.Equal((ExitCodes.Unavailable, ""), (away, nothing));
            Assert.Contains("ROLL_UNFINISHED: Nothing was rolled", fault, StringComparison.Ordinal);
        }
        finally
        {
            await redis.StartAsync();
        }

        async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
        {
            using var standard = new StringWriter();
            using var error = new StringWriter();
            var terminal = new Terminal(standard, error, static _ => null);
            var exit = await Verbs.RunAsync([.. arguments, .. desk.CommandLine], terminal, CancellationToken.None).DefaultTimeout();
            return (exit, standard.ToString(), error.ToString());
        }
    }

    private static async Task<LevelEvidence> UnitsAsync(ServerProcess server)
    {
        var preview = await ServerProcess.AnsweredAsync(() => server.Scoring.PreviewAsync(new PreviewRequest { Event = Events.SignUp(Address) }));
        return preview.Assessment.Evidence.Single(level => level.Level == SubjectLevel.Address);
    }
}
