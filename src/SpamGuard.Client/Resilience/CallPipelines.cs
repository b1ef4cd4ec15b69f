using Grpc.Core;
using Polly;
using Polly.CircuitBreaker;
using Polly.Hedging;
using Polly.Retry;
using SpamGuard.V1;

namespace SpamGuard.Client.Resilience;

/// <summary>What is around each call: retries of what is unavailable, and a circuit breaker.</summary>
internal sealed class CallPipelines
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>Makes them.</summary>
    /// <param name="options">What is configured.</param>
    /// <param name="time">The clock of delays.</param>
    /// <param name="metrics">Counts retries, hedges and the breaker's state.</param>
    public CallPipelines(SpamGuardClientOptions options, TimeProvider time, ClientMetrics metrics)
    {
        var verdict = Breaker(options.CircuitBreaker, time, metrics.CircuitAsync);
        Score = Retried(options, time, metrics, verdict);
        ScoreBatch = Retried(options, time, metrics, Breaker(options.CircuitBreaker, time, static _ => ValueTask.CompletedTask));
        Once = Breaker(options.CircuitBreaker, time, static _ => ValueTask.CompletedTask);
        Report = Retried(options, time, metrics, Once);
        var preview = new ResiliencePipelineBuilder<PreviewResponse> { TimeProvider = time };
        if (options.HedgingDelay > TimeSpan.Zero)
        {
            preview.AddHedging(new HedgingStrategyOptions<PreviewResponse>
            {
                MaxHedgedAttempts = 1,
                Delay = options.HedgingDelay,
                ShouldHandle = static arguments => ValueTask.FromResult(IsOfTheService(arguments.Outcome.Exception)), // what can't be asked now answers nothing: the other may
                OnHedging = _ => metrics.HedgedAsync(),
            });
        }

        (Preview, PreviewCircuit) = (preview.AddPipeline(verdict.Around).Build(), verdict);
    }

    /// <summary>Of a score: it may be sent again, for it counts by its request id.</summary>
    public CallPipeline Score { get; }

    /// <summary>Of a batch, whose scores have request ids too. It is waited for longer, and has a circuit breaker of its own: no other verdict has to wait for such a call to try whether the service is back.</summary>
    public CallPipeline ScoreBatch { get; }

    /// <summary>Of a report with a request id. Its circuit breaker is not the verdicts': a service that can't take reports may well give verdicts.</summary>
    public CallPipeline Report { get; }

    /// <summary>Of what is no verdict and has no request id, by the circuit breaker of reports: it is sent once, or the answer that tells a second report from the first would be to a retry.</summary>
    public CallPipeline Once { get; }

    /// <summary>Of previews, which count nothing and have no request id: in place of a retry they are hedged.</summary>
    public ResiliencePipeline<PreviewResponse> Preview { get; }

    /// <summary>What each of its attempts goes through.</summary>
    public CallPipeline PreviewCircuit { get; }

    private static CallPipeline Retried(SpamGuardClientOptions options, TimeProvider time, ClientMetrics metrics, CallPipeline breaker) =>
        options.MaxRetryAttempts == 0 ? breaker : breaker with
        {
            Around = new ResiliencePipelineBuilder { TimeProvider = time }
                .AddRetry(new RetryStrategyOptions
                {
                    MaxRetryAttempts = options.MaxRetryAttempts,
                    BackoffType = DelayBackoffType.Exponential,
                    Delay = FirstDelay,
                    MaxDelay = LongestDelay,
                    UseJitter = true,
                    ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Exception is RpcException { StatusCode: StatusCode.Unavailable }),
                    OnRetry = _ => metrics.RetriedAsync(),
                })
                .AddPipeline(breaker.Around)
                .Build(),
        };

    private static CallPipeline Breaker(CircuitBreakerOptions options, TimeProvider time, Func<bool, ValueTask> changed)
    {
        // A call that tries whether the service is back, and whose caller leaves, has not found out.
        var state = new CircuitBreakerStateProvider();
        var pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = options.FailureRatio,
                MinimumThroughput = options.MinimumThroughput,
                SamplingDuration = options.SamplingDuration,
                BreakDuration = options.BreakDuration,
                StateProvider = state,
                ShouldHandle = arguments => ValueTask.FromResult(
                    IsOfTheService(arguments.Outcome.Exception) || (state.CircuitState == CircuitState.HalfOpen && IsCancelled(arguments.Outcome.Exception))),
                OnOpened = _ => changed(true),
                OnClosed = _ => changed(false),
            })
            .Build();
        return new CallPipeline(pipeline, state);
    }

    // That the service is in trouble, and not that the call is.
    private static bool IsOfTheService(Exception? exception) => exception is BrokenCircuitException or RpcException
    {
        StatusCode: StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Internal or StatusCode.Unknown or StatusCode.DataLoss or StatusCode.Aborted,
    };

    private static bool IsCancelled(Exception? exception) => exception is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled };
}
