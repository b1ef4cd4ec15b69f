using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;

namespace SpamGuard.Storage.Redis;

/// <summary>The budget of a call and the circuit breaker over all calls.</summary>
/// <remarks>
/// No retry: what became of a command that was sent is unknown, and counting twice is worse than a degraded answer. No timeout of Polly's:
/// it refuses less than 10 ms.
/// </remarks>
internal sealed class StoreResilience
{
    private readonly TimeSpan _budget;
    private readonly SignalTopology _topology;
    private readonly TimeProvider _clock;
    private readonly StoreMetrics _metrics;
    private readonly CircuitBreakerStateProvider _circuit = new();
    private readonly ResiliencePipeline _pipeline;

    public StoreResilience(IOptions<SignalStoreOptions> options, StoreMetrics metrics, TimeProvider clock)
    {
        _budget = options.Value.Budget;
        _topology = options.Value.Topology;
        _clock = clock;
        _metrics = metrics;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = SignalStoreOptions.BreakerFailureRatio,
                MinimumThroughput = SignalStoreOptions.BreakerMinimumThroughput,
                SamplingDuration = SignalStoreOptions.BreakerSampling,
                BreakDurationGenerator = static _ => new ValueTask<TimeSpan>(Pause()),
                StateProvider = _circuit,
                ShouldHandle = arguments => new ValueTask<bool>(IsOutage(arguments.Outcome.Exception)),
                OnOpened = _ => Tell(open: true),
                OnClosed = _ => Tell(open: false),
            })
            .Build();
    }

    /// <summary>Makes a call. It ends within its budget, whatever becomes of it in the store.</summary>
    /// <param name="operation">What metrics and traces call it.</param>
    /// <param name="call">The call; it gets the state.</param>
    /// <param name="state">Handed to the call, so that it can be static.</param>
    /// <param name="cancellationToken">The caller's: stops his waiting and nothing else.</param>
    /// <param name="budgets">How many budgets it has: a call that does the work of many takes longer.</param>
    /// <exception cref="StoreException">It failed, or took too long, or was not tried.</exception>
    /// <exception cref="OperationCanceledException">The caller stopped waiting.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TResult> RunAsync<TState, TResult>(
        StoreOperation operation,
        Func<TState, CancellationToken, ValueTask<TResult>> call,
        TState state,
        CancellationToken cancellationToken,
        int budgets = 1)
    {
        using var trip = StoreTrip.Begin(operation.Name(), _topology);
        var budget = (_budget * budgets) - SignalStoreOptions.TimerLag;
        Outcome<TResult> outcome;
        if (_circuit.CircuitState == CircuitState.Closed)
        {
            // Nothing is refused now, so the call need not be made inside the pipeline, whose layers are three state machines a call: the breaker
            // hears of its outcome afterwards.
            outcome = await WithinBudgetAsync(operation, call, state, budget, cancellationToken);
            await TellBreakerAsync(outcome.Exception);
        }
        else
        {
            outcome = await ThroughBreakerAsync(operation, call, state, budget, cancellationToken);
        }

        switch (outcome.Exception)
        {
            case null:
                return outcome.Result!;
            case StoreException failure:
                _metrics.Failed(failure.Failure);
                trip.Failed(failure.Failure.Name());
                throw failure;
            case BrokenCircuitException:
                _metrics.Failed(StoreFailure.CircuitOpen);
                trip.Failed(StoreFailure.CircuitOpen.Name());
                throw new StoreException(StoreFailure.CircuitOpen, "The store failed too often; it is not tried for a moment.");
            default:
                trip.Failed("cancelled");
                cancellationToken.ThrowIfCancellationRequested();
                throw new StoreException(StoreFailure.Unavailable, "The call to the store was abandoned.");
        }
    }

    // Open or on trial: the breaker decides whether the call is made.
    private async ValueTask<Outcome<TResult>> ThroughBreakerAsync<TState, TResult>(
        StoreOperation operation, Func<TState, CancellationToken, ValueTask<TResult>> call, TState state, TimeSpan budget, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            return await _pipeline.ExecuteOutcomeAsync(
                static (context, arguments) => arguments.Self.WithinBudgetAsync(arguments.Operation, arguments.Call, arguments.State, arguments.Budget, context.CancellationToken),
                context,
                (Self: this, Operation: operation, Call: call, State: state, Budget: budget));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    // A call that ends after the circuit opened tells nothing new, and must not pass for the trial.
    private async ValueTask TellBreakerAsync(Exception? failure)
    {
        if (_circuit.CircuitState != CircuitState.Closed)
        {
            return;
        }

        var context = ResilienceContextPool.Shared.Get(CancellationToken.None);
        try
        {
            await _pipeline.ExecuteOutcomeAsync(
                static (_, failure) => new ValueTask<Outcome<object?>>(
                    failure is null ? Outcome.FromResult<object?>(null) : Outcome.FromException<object?>(failure)),
                context,
                failure);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static TimeSpan Pause()
    {
        const int Steps = 1000;
        var share = RandomNumberGenerator.GetInt32(-Steps, Steps + 1) / (double)Steps;
        return SignalStoreOptions.BreakerPause * (1 + (SignalStoreOptions.BreakerJitter * share));
    }

    // Only what says that the store is away. A caller who left tells nothing, but on a trial call it must not pass for success.
    private bool IsOutage(Exception? exception) => exception switch
    {
        StoreException { Failure: StoreFailure.Timeout or StoreFailure.Unavailable } => true,
        OperationCanceledException => _circuit.CircuitState == CircuitState.HalfOpen,
        _ => false,
    };

    private ValueTask Tell(bool open)
    {
        _metrics.CircuitIsOpen(open);
        return ValueTask.CompletedTask;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Outcome<TResult>> WithinBudgetAsync<TState, TResult>(
        StoreOperation operation, Func<TState, CancellationToken, ValueTask<TResult>> call, TState state, TimeSpan budget, CancellationToken cancellationToken)
    {
        var began = _clock.GetTimestamp();
        Task<TResult>? task = null;
        try
        {
            task = call(state, cancellationToken).AsTask();
            return Outcome.FromResult(await task.WaitAsync(budget, _clock, cancellationToken));
        }
        catch (TimeoutException)
        {
            Abandon(task);
            return Outcome.FromException<TResult>(new StoreException(
                StoreFailure.Timeout, "The store did not answer within the budget; whether it did what was asked is unknown."));
        }
        catch (OperationCanceledException e)
        {
            Abandon(task);
            return Outcome.FromException<TResult>(e);
        }
        catch (StoreException e)
        {
            return Outcome.FromException<TResult>(e);
        }
        finally
        {
            _metrics.Called(operation, _clock.GetElapsedTime(began));
        }
    }

    // Nobody waits for it any more, but it will fail in its time, and a failure that nobody looks at ends up in a handler of last resort.
    private static void Abandon(Task? task) => _ = task?.ContinueWith(
        static ended => _ = ended.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
