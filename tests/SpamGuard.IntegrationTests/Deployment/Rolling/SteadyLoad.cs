using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Deployment.Rolling;

/// <summary>
/// Callers that score and never pause for long, each over a connection of its own. None repeats a call that failed: what counts is what a caller
/// sees who does nothing about failures.
/// </summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private const int CallsAtATime = 3;
    private const double MostDegraded = .02;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Task[] _callers;
    private readonly string _network;
    private int _answers;
    private int _degraded;
    private int _address;

    /// <summary>Starts it.</summary>
    /// <param name="channels">The callers'.</param>
    /// <param name="network">The first two bytes of the addresses that are scored, <c>a.b</c>: no other test's.</param>
    public SteadyLoad(IEnumerable<GrpcChannel> channels, string network)
    {
        _network = network;
        _callers = [.. channels.SelectMany(channel => Enumerable.Range(0, CallsAtATime).Select(_ => CallAsync(new ScoringService.ScoringServiceClient(channel))))];
    }

    /// <summary>How many calls were answered.</summary>
    public int Answers => Volatile.Read(ref _answers);

    /// <summary>How many of them without the store.</summary>
    public int Degraded => Volatile.Read(ref _degraded);

    /// <summary>Calls that were not answered.</summary>
    public ConcurrentQueue<string> Failures { get; } = new();

    /// <summary>The revisions of the policy that answers named.</summary>
    public ConcurrentDictionary<string, int> Revisions { get; } = new(StringComparer.Ordinal);

    /// <summary>Waits until so many more calls are answered, or one has failed.</summary>
    public async Task GoOnAsync(int answers)
    {
        var enough = Answers + answers;
        await Poll.UntilAsync(() => Task.FromResult(Answers >= enough || !Failures.IsEmpty)).DefaultTimeout();
    }

    /// <summary>Ends it, and fails where a call did. An answer without the store is one, which a busy machine may give now and then; more are a fault.</summary>
    /// <param name="isStoreAway">Whether the store was away meanwhile: then any number of answers may be given without it.</param>
    public async Task EndAsync(bool isStoreAway = false)
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_callers).DefaultTimeout();
        Assert.True(Failures.IsEmpty, $"{Failures.Count} of {Failures.Count + Answers} calls failed:\n{string.Join('\n', Failures.Take(10))}");
        Assert.True(isStoreAway || _degraded <= Answers * MostDegraded, $"{_degraded} of {Answers} answers were given without the store.");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_callers).DefaultTimeout();
        _stop.Dispose();
    }

    private async Task CallAsync(ScoringService.ScoringServiceClient scoring)
    {
        while (!_stop.IsCancellationRequested)
        {
            var began = _watch.Elapsed;
            try
            {
                var number = Interlocked.Increment(ref _address);
                var request = new ScoreRequest { Event = Events.Message(string.Create(CultureInfo.InvariantCulture, $"{_network}.{number / 250 % 250}.{number % 250}")), RequestId = Events.NewRequestId() };
                var answer = await scoring.ScoreAsync(request, deadline: TimeProvider.System.GetUtcNow().UtcDateTime + CallLimit);
                Interlocked.Increment(ref _answers);
                if (answer.Assessment.Quality != Quality.Full)
                {
                    Interlocked.Increment(ref _degraded);
                }

                Revisions.AddOrUpdate(answer.Assessment.PolicyRevision, 1, static (_, count) => count + 1);
            }
            catch (RpcException e)
            {
                Failures.Enqueue(Told(began, $"{e.StatusCode}: {e.Status.Detail}"));
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    private string Told(TimeSpan began, string what) => string.Create(CultureInfo.InvariantCulture, $"{began.TotalSeconds:0.000} s to {_watch.Elapsed.TotalSeconds:0.000} s: {what}");
}
