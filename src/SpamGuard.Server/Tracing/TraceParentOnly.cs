using System.Diagnostics;

namespace SpamGuard.Server.Tracing;

/// <summary>Takes trace and span of a caller, and nothing else that came with them: in <c>tracestate</c> and <c>baggage</c> a caller may write whatever it likes.</summary>
/// <remarks>The framework asks it for activities of its own, which it makes where somebody attached a listener to the process.</remarks>
internal sealed class TraceParentOnly : DistributedContextPropagator
{
    /// <summary>The header.</summary>
    public const string Header = "traceparent";

    /// <inheritdoc/>
    public override IReadOnlyCollection<string> Fields { get; } = [Header];

    /// <summary>Nothing: the service calls nobody.</summary>
    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
    }

    /// <inheritdoc/>
    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState)
    {
        (traceId, traceState) = (null, null);
        getter?.Invoke(carrier, Header, out traceId, out _);
    }

    /// <summary>Nothing.</summary>
    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;
}
