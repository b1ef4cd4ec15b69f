using Grpc.Core;
using Polly;
using Polly.CircuitBreaker;
using Polly.Hedging;
using Polly.Retry;
using SpamGuard.V1;

namespace SpamGuard.Client.Resilience;

/// <summary>What is around each call: retries of what is unavailable, and one circuit breaker for all of them.</summary>
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
        var breaker = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = options.CircuitBreaker.FailureRatio,
                MinimumThroughput = options.CircuitBreaker.MinimumThroughput,
                SamplingDuration = options.CircuitBreaker.SamplingDuration,
                BreakDuration = options.CircuitBreaker.BreakDuration,
                ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Exception is RpcException e && IsOfTheService(e.StatusCode)),
                OnOpened = _ => metrics.CircuitAsync(isOpen: true),
                OnClosed = _ => metrics.CircuitAsync(isOpen: false),
            })
            .Build();
        Unary = options.MaxRetryAttempts == 0 ? breaker : new ResiliencePipelineBuilder { TimeProvider = time }
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
            .AddPipeline(breaker)
            .Build();
        var preview = new ResiliencePipelineBuilder<PreviewResponse> { TimeProvider = time };
        if (options.HedgingDelay > TimeSpan.Zero)
        {
            preview.AddHedging(new HedgingStrategyOptions<PreviewResponse>
            {
                MaxHedgedAttempts = 1,
                Delay = options.HedgingDelay,
                ShouldHandle = static _ => PredicateResult.False(), // an attempt that failed has been retried already: only a slow one has company
                OnHedging = _ => metrics.HedgedAsync(),
            });
        }

        Preview = preview.AddPipeline(Unary).Build();
    }

    /// <summary>Of any call: each may be sent again, for it counts by a request id or a token, or not at all.</summary>
    public ResiliencePipeline Unary { get; }

    /// <summary>Of previews, which count nothing.</summary>
    public ResiliencePipeline<PreviewResponse> Preview { get; }

    /// <summary>Whether a status tells that the service is in trouble, and not that the call is.</summary>
    public static bool IsOfTheService(StatusCode status) =>
        status is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Internal or StatusCode.Unknown or StatusCode.DataLoss or StatusCode.Aborted;
}
