using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using SpamGuard.Cli.Calls;
using SpamGuard.V1;

namespace SpamGuard.Cli.Load;

/// <summary>
/// Makes the calls, each at its time by the rate, whether or not earlier ones were answered. A call that must wait, because too many are under way or this program
/// is late, counts that wait as latency: so a server that stalls can't hide it by keeping its callers from asking.
/// </summary>
/// <param name="plan">How much.</param>
/// <param name="connection">The server.</param>
/// <param name="time">The clock of the rate and of the latencies.</param>
internal sealed class LoadRun(LoadPlan plan, Connection connection, TimeProvider time)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan BetweenEmpty = TimeSpan.FromMilliseconds(50);

    private readonly LoadTally _tally = new();
    private readonly ScoringService.ScoringServiceClient _scoring = new(connection.Calls);
    private readonly Health.HealthClient _health = new(connection.Calls);
    private RpcException? _failure;
    private long _begun;

    /// <summary>The first failure; <c>null</c> where nothing failed.</summary>
    public RpcException? Failure => _failure;

    /// <summary>Makes the calls and waits for the last answer.</summary>
    /// <param name="moved">Told how much is done, from 0 to 1.</param>
    /// <param name="cancellationToken">Ctrl-C: nothing more is begun, and what is under way is given up.</param>
    public async Task<LoadReport> RunAsync(Action<double>? moved, CancellationToken cancellationToken)
    {
        await WarmAsync(cancellationToken);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var began = time.GetTimestamp();
        var empty = EmptyAsync(done.Token);
        await DispatchAsync(began, moved, cancellationToken);
        var took = time.GetElapsedTime(began);
        await done.CancelAsync();
        await empty;
        return _tally.Report(plan, _begun, took, cancellationToken.IsCancellationRequested);
    }

    // The first call of a connection makes it: that is not what is measured. Where nobody answers, that is all there is to say.
    private async Task WarmAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < 3; i++)
        {
            await _health.CheckAsync(new HealthCheckRequest(), connection.Options(cancellationToken));
        }
    }

    private async Task DispatchAsync(long began, Action<double>? moved, CancellationToken cancellationToken)
    {
        using var slots = new SemaphoreSlim(plan.Concurrency);
        using var timer = new PeriodicTimer(Tick, time);
        var (addresses, interval) = (new LoadAddresses(plan.Addresses, plan.Seed), TimeSpan.FromSeconds(1.0 / plan.Rate));
        try
        {
            for (; _begun < plan.Calls; moved?.Invoke(_begun / (double)plan.Calls))
            {
                var due = _begun * interval;
                while (time.GetElapsedTime(began) < due)
                {
                    await timer.WaitForNextTickAsync(cancellationToken);
                }

                await slots.WaitAsync(cancellationToken);
                _ = OneAsync(Request(addresses), began, due, slots, cancellationToken);
                _begun++;
            }
        }
        catch (OperationCanceledException)
        {
            // by Ctrl-C: what there is, is told
        }

        for (var i = 0; i < plan.Concurrency; i++)
        {
            await slots.WaitAsync(CancellationToken.None); // each call gives its slot back, by its deadline at the latest
        }
    }

    private ScoreRequest Request(LoadAddresses addresses) => new()
    {
        Event = new Event { Kind = plan.Kind ?? (_begun % 2 == 0 ? EventKind.SignUp : EventKind.Message), AddressBytes = ByteString.CopyFrom(addresses.Next()) },
    };

    private async Task OneAsync(ScoreRequest request, long began, TimeSpan due, SemaphoreSlim slots, CancellationToken cancellationToken)
    {
        try
        {
            var left = due + plan.Deadline - time.GetElapsedTime(began);
            var options = new CallOptions(deadline: (time.GetUtcNow() + left).UtcDateTime, cancellationToken: cancellationToken);
            var response = await _scoring.ScoreAsync(request, options);
            _tally.Answered(response.Assessment, time.GetElapsedTime(began) - due);
        }
        catch (RpcException e)
        {
            Interlocked.CompareExchange(ref _failure, e, comparand: null);
            _tally.Failed(e.StatusCode);
        }
        finally
        {
            slots.Release();
        }
    }

    private async Task EmptyAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(BetweenEmpty, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                var asked = time.GetTimestamp();
                await _health.CheckAsync(new HealthCheckRequest(), connection.Options(cancellationToken));
                _tally.Empty(time.GetElapsedTime(asked));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or RpcException)
        {
            // at the end, or where the server is gone: the calls say so
        }
    }
}
