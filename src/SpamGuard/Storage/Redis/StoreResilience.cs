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
    private readonly TimeProvider _clock;
    private readonly StoreMetrics _metrics;
    private readonly CircuitBreakerStateProvider _circuit = new();
    private readonly ResiliencePipeline _pipeline;

    public StoreResilience(IOptions<SignalStoreOptions> options, StoreMetrics metrics, TimeProvider clock)
    {
        _budget = options.Value.Budget;
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

    /// <summary>Makes a call. It ends within the budget, whatever becomes of it in the store.</summary>
    /// <param name="operation">What metrics call it.</param>
    /// <param name="call">The call; it gets the state.</param>
    /// <param name="state">Handed to the call, so that it can be static.</param>
    /// <param name="cancellationToken">The caller's: stops his waiting and nothing else.</param>
    /// <exception cref="StoreException">It failed, or took too long, or was not tried.</exception>
    /// <exception cref="OperationCanceledException">The caller stopped waiting.</exception>
    public ValueTask<TResult> RunAsync<TState, TResult>(
        StoreOperation operation, Func<TState, CancellationToken, ValueTask<TResult>> call, TState state, CancellationToken cancellationToken) =>
        _circuit.CircuitState == CircuitState.Closed
            ? CallAsync(operation, call, state, cancellationToken)
            : CallGuardedAsync(operation, call, state, cancellationToken);

    // Nothing is to be refused while the circuit is closed: the call runs by itself and the breaker hears of its outcome afterwards. Around a
    // call that is waited for, every layer of the pipeline would be one more state machine: 700 bytes a call in all.
    private async ValueTask<TResult> CallAsync<TState, TResult>(
        StoreOperation operation, Func<TState, CancellationToken, ValueTask<TResult>> call, TState state, CancellationToken cancellationToken)
    {
        var began = _clock.GetTimestamp();
        Task<TResult>? task = null;
        Exception failure;
        try
        {
            task = call(state, cancellationToken).AsTask();
            var result = await task.WaitAsync(_budget, _clock, cancellationToken);
            await TellBreakerAsync(failure: null);
            return result;
        }
        catch (StoreException e)
        {
            failure = e;
        }
        catch (TimeoutException)
        {
            Abandon(task);
            failure = Late();
        }
        catch (OperationCanceledException e)
        {
            Abandon(task);
            failure = e;
        }
        finally
        {
            _metrics.Called(operation, _clock.GetElapsedTime(began));
        }

        await TellBreakerAsync(failure);
        throw Failure(failure, cancellationToken);
    }

    // The circuit is open or on trial: the breaker decides whether the call is made.
    private async ValueTask<TResult> CallGuardedAsync<TState, TResult>(
        StoreOperation operation, Func<TState, CancellationToken, ValueTask<TResult>> call, TState state, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        Outcome<TResult> outcome;
        try
        {
            outcome = await _pipeline.ExecuteOutcomeAsync(
                static async (context, arguments) =>
                {
                    var (self, operation, call, state) = arguments;
                    var began = self._clock.GetTimestamp();
                    try
                    {
                        return Outcome.FromResult(await self.WithinBudgetAsync(call(state, context.CancellationToken).AsTask(), context.CancellationToken));
                    }
                    catch (Exception e) when (e is StoreException or OperationCanceledException)
                    {
                        return Outcome.FromException<TResult>(e);
                    }
                    finally
                    {
                        self._metrics.Called(operation, self._clock.GetElapsedTime(began));
                    }
                },
                context,
                (this, operation, call, state));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }

        return outcome.Exception is null ? outcome.Result! : throw Failure(outcome.Exception, cancellationToken);
    }

    // What ends after the circuit opened tells the breaker nothing new, and must not pass for its trial call.
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

    // Meters a failure; returns what the caller gets.
    private StoreException Failure(Exception exception, CancellationToken cancellationToken)
    {
        switch (exception)
        {
            case StoreException failure:
                _metrics.Failed(failure.Failure);
                return failure;
            case BrokenCircuitException:
                _metrics.Failed(StoreFailure.CircuitOpen);
                return new StoreException(StoreFailure.CircuitOpen, "The store failed too often; it is not tried for a moment.");
            default:
                cancellationToken.ThrowIfCancellationRequested();
                return new StoreException(StoreFailure.Unavailable, "The call to the store was abandoned.");
        }
    }

    private static StoreException Late() =>
        new(StoreFailure.Timeout, "The store did not answer within the budget; whether it did what was asked is unknown.");

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

    private async ValueTask<TResult> WithinBudgetAsync<TResult>(Task<TResult> task, CancellationToken cancellationToken)
    {
        try
        {
            return await task.WaitAsync(_budget, _clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            Abandon(task);
            throw Late();
        }
        catch (OperationCanceledException)
        {
            Abandon(task);
            throw;
        }
    }

    // Nobody waits for it any more, but it will fail in its time, and a failure that nobody looks at ends up in a handler of last resort.
    private static void Abandon(Task? task) => _ = task?.ContinueWith(
        static ended => _ = ended.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
