using System.Collections.Concurrent;
using System.Globalization;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Records;
using SpamGuard.Testing;
using SpamGuard.Testing.Privacy;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Processes;

/// <summary>Two processes on one store: together they count every event once, however often and to whom it is sent.</summary>
[Collection(nameof(ProcessesCollection))]
public sealed class TwoServersTests(RedisFixture redis)
{
    private const int Requests = 20_000;
    private const int Callers = 64;
    private static readonly string[] Addresses = ["61.10.0.1", "61.20.0.1", "62.10.0.1", "2600:1f00:1::1"];
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    [Fact]
    public async Task Score_EveryRequestSentToBoth_IsCountedOnceAndAnsweredTheSame()
    {
        await redis.FlushAsync();
        using var pepper = new PepperFile();
        var starting = ServerProcess.ReadyAsync(redis, pepper.Path);
        await using var second = await ServerProcess.ReadyAsync(redis, pepper.Path);
        await using var first = await starting;
        var different = new ConcurrentQueue<string>();
        var next = -1;

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(CallAsync))).TimeoutAfter(Limit);

        Assert.Empty(different);
        Assert.Equal(Requests, await CountedAsync());
        Assert.Equal(Addresses.Length, await RecordsAsync());
        Assert.Equal((0, 0), (await first.StopAsync(), await second.StopAsync()));

        async Task CallAsync()
        {
            for (var number = Interlocked.Increment(ref next); number < Requests; number = Interlocked.Increment(ref next))
            {
                var request = new ScoreRequest { Event = Events.SignUp(Addresses[number % Addresses.Length]), RequestId = Events.NewRequestId() };
                var answers = await Task.WhenAll(first.ScoreAsync(request), second.ScoreAsync(request));
                var (one, other) = (Comparable(answers[0]), Comparable(answers[1]));

                // Both are replayed where an earlier attempt was counted and its answer came too late.
                if (one != other || answers.All(answer => !answer.Replayed))
                {
                    different.Enqueue($"{one} and {other}");
                }
            }
        }
    }

    private static string Comparable(Assessment assessment) => string.Create(
        CultureInfo.InvariantCulture,
        $"{assessment.Verdict} {assessment.SpamProbability:R} {string.Join(' ', assessment.Reasons.Select(reason => $"{reason.Code}={reason.Weight:R}"))}");

    /// <summary>Units of all addresses. The run may pass midnight, where today's become yesterday's.</summary>
    private async Task<int> CountedAsync()
    {
        var units = 0;
        foreach (var key in await AddressKeysAsync())
        {
            var record = SignalRecord.Read((byte[]?)await redis.Admin.StringGetAsync(key).DefaultTimeout());
            units += record.Today + record.Yesterday;
        }

        return units;
    }

    private async Task<int> RecordsAsync() => (await AddressKeysAsync()).Count;

    private async Task<IReadOnlyList<string>> AddressKeysAsync() =>
    [
        .. (await KeyspaceSink.KeysAsync(redis.Admin)).Select(key => key.ToString()).Where(key => key.StartsWith("sg:a:", StringComparison.Ordinal)),
    ];
}
