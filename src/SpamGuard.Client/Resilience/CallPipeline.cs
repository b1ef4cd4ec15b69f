using Polly;
using Polly.CircuitBreaker;

namespace SpamGuard.Client.Resilience;

/// <summary>What is around a sort of call.</summary>
/// <param name="Around">The circuit breaker, and what is around that.</param>
/// <param name="Circuit">The state of the circuit breaker.</param>
internal sealed record CallPipeline(ResiliencePipeline Around, CircuitBreakerStateProvider Circuit)
{
    /// <summary>Whether the call that is made now is the one that tries whether the service is back: no other is made then, and whether somebody waits for this one does not matter.</summary>
    public bool IsTrial => Circuit.CircuitState == CircuitState.HalfOpen;
}
