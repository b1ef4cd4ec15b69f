using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Google.Rpc;
using Grpc.Core;
using SpamGuard.Epochs;
using SpamGuard.IntegrationTests.Fixtures;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Retention;
using SpamGuard.Testing.Privacy;
using SpamGuard.Testing;
using SpamGuard.V1;
using Keys = SpamGuard.Storage.Keys;

namespace SpamGuard.IntegrationTests.Processes;

/// <summary>
/// Two servers over the ends of epochs that are thirty seconds long, on a real Redis: its clock, its times to live. One address attacks all the
/// while, and is reported now and then.
/// </summary>
[Collection(nameof(OtherWaitingCollection))]
public sealed class RotationTests(RedisFixture redis)
{
    private const string Attacker = "65.10.0.1";
    private const int CallsASecond = 20;

    private static readonly EpochPace Pace = new(EpochPace.MaxScale);
    private static readonly EpochCalendar Calendar = new(lives: Pace.Lives);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(150);

    [Fact]
    public async Task Attack_OverTheEndsOfEpochs_IsDeniedAllAlongAndForgottenAfterwards()
    {
        await redis.FlushAsync();
        using var pepper = new PepperFile();
        (string, string)[] scaled = [("Epochs__Scale", EpochPace.MaxScale.ToString(CultureInfo.InvariantCulture)), ("Signals__Budget", "00:00:00.200")];
        var starting = ServerProcess.ReadyAsync(redis, pepper.Path, "Development", scaled);
        await using var second = await ServerProcess.ReadyAsync(redis, pepper.Path, "Development", scaled);
        await using var first = await starting;
        ServerProcess[] servers = [first, second];

        var attack = new Attack(servers);
        await attack.RunAsync(() => Task.FromResult(attack.Last?.Verdict == Verdict.Deny)).TimeoutAfter(Limit);
        var epoch = Calendar.At(RetentionClass.Address, await NowAsync());
        var token = attack.Last!.DecisionToken;
        var names = await KeysOfAsync(epoch);
        attack.Judge();

        // A store that is late, as on a machine that has too much to do, is no end of an epoch.
        await redis.PauseAsync();
        var meanwhile = attack.RunAsync(() => Task.FromResult(attack.Late > 0));
        try
        {
            await Poll.UntilAsync(() => Task.FromResult(attack.Late > 0)).DefaultTimeout();
        }
        finally
        {
            await redis.ResumeAsync();
        }

        await meanwhile.TimeoutAfter(Limit);

        // Until the second edge: then nothing of the first epoch is left.
        await attack.RunAsync(async () => await NowAsync() > Calendar.End(epoch) + 3).TimeoutAfter(Limit);

        Assert.Empty(attack.Failures);
        Assert.True(attack.Calls > 500, $"{attack.Calls} calls");
        Assert.Empty(names.Intersect(await KeysAsync()));
        Assert.NotEmpty(await KeysOfAsync(Calendar.At(RetentionClass.Address, await NowAsync())));
        foreach (var server in servers)
        {
            Assert.Equal("DECISION_TOKEN_EXPIRED", await ReasonAsync(() => server.Scoring.ExplainAsync(new ExplainRequest { DecisionToken = token })));
            Assert.Equal("DECISION_TOKEN_EXPIRED", await ReasonAsync(() => server.Scoring.PreviewAsync(new PreviewRequest { DecisionToken = token })));
            Assert.Equal("DECISION_TOKEN_EXPIRED", await ReasonAsync(() => server.Feedback.ReportOutcomeAsync(new ReportOutcomeRequest { DecisionToken = token, Label = OutcomeLabel.Spam })));
            Assert.Contains("spamguard_salt_conflicts_total{class=\"address\"} 0\n", await server.MetricsAsync(), StringComparison.Ordinal);
        }
    }

    private static async Task<string?> ReasonAsync<T>(Func<AsyncUnaryCall<T>> call) =>
        (await Assert.ThrowsAsync<RpcException>(async () => await call().ResponseAsync.DefaultTimeout())).GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason;

    private async Task<long> NowAsync() => long.Parse(((string?[]?)await redis.Admin.ExecuteAsync("TIME"))![0]!, CultureInfo.InvariantCulture);

    // Its salt, its addresses' records, and who reported these. (A network's list of reports ends with the epoch too, and may begin anew under its own token.)
    private async Task<IReadOnlyList<string>> KeysOfAsync(EpochId epoch)
    {
        var end = Calendar.End(epoch);
        var names = new List<string>();
        foreach (var key in (await KeysAsync()).Where(static key => key[3] is 'a' or 'f' or 'e'))
        {
            var expires = (long)await redis.Admin.ExecuteAsync("EXPIRETIME", key);
            if (expires > end - 5 && expires <= end)
            {
                names.Add(key);
            }
        }

        Assert.Contains(Encoding.ASCII.GetString(Keys.Epoch(epoch)), names);
        return [.. names.Where(name => name[3] != 'f' || names.Contains($"sg:a:{name[5..]}"))];
    }

    private async Task<IReadOnlyList<string>> KeysAsync() => [.. (await KeyspaceSink.KeysAsync(redis.Admin)).Select(key => key.ToString())];

    private sealed class Attack(ServerProcess[] servers)
    {
        // Calls to the store that had no answer within the budget, or were not made for a moment after such. What the store refuses is none of them.
        private static readonly string[] NoAnswer = ["timeout", "unavailable", "circuit_open"];

        private readonly Dictionary<ServerProcess, double> _late = [];
        private int _judging;
        private int _calls;

        public ConcurrentQueue<string> Failures { get; } = new();

        public Assessment? Last { get; private set; }

        public int Calls => _calls;

        /// <summary>How often it was asked again because the store was late.</summary>
        public int Late { get; private set; }

        public void Judge() => _judging = 1;

        /// <summary>Both servers in turn, each answer the basis of a report by somebody new once a second.</summary>
        public async Task RunAsync(Func<Task<bool>> isOver)
        {
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1) / CallsASecond, TimeProvider.System);
            while (await timer.WaitForNextTickAsync())
            {
                var number = _calls++;
                if (number % CallsASecond == 0 && await isOver())
                {
                    return;
                }

                await CallAsync(servers[number % servers.Length], number);
            }
        }

        private async Task CallAsync(ServerProcess server, int number)
        {
            try
            {
                var request = new ScoreRequest { Event = Events.SignUp(Attacker), RequestId = Events.NewRequestId() };
                var assessment = await AnsweredAsync(server, request);
                if (_judging == 1 && (assessment.Verdict != Verdict.Deny || assessment.Quality != Quality.Full))
                {
                    Failures.Enqueue($"call {number}: {assessment.Verdict}, {assessment.Quality}");
                }

                Last = assessment;
                if (number % CallsASecond == 1)
                {
                    var reporter = string.Create(CultureInfo.InvariantCulture, $"person {number}");
                    await server.Feedback.ReportOutcomeAsync(new ReportOutcomeRequest { DecisionToken = assessment.DecisionToken, Label = OutcomeLabel.Spam, Reporter = reporter });
                }
            }
            catch (RpcException e)
            {
                Failures.Enqueue($"call {number}: {e.StatusCode}");
            }
        }

        // By the same id, so that it counts once. What was answered without the store although that was not late, as without a salt, is judged.
        private async Task<Assessment> AnsweredAsync(ServerProcess server, ScoreRequest request)
        {
            while (true)
            {
                var assessment = (await server.Scoring.ScoreAsync(request)).Assessment;
                var late = assessment.Quality == Quality.Full ? 0 : await LateAsync(server);
                if (late <= _late.GetValueOrDefault(server))
                {
                    return assessment;
                }

                _late[server] = late;
                Late++;
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
        }

        private static async Task<double> LateAsync(ServerProcess server) =>
            (await server.MetricsAsync()).Split('\n')
                .Where(static line => NoAnswer.Any(kind => line.StartsWith($"spamguard_store_errors_total{{kind=\"{kind}\"}} ", StringComparison.Ordinal)))
                .Sum(static line => double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
    }
}
