using Grpc.Net.Client.Balancer;

namespace SpamGuard.Client.Connections;

/// <summary>Whether a server answers, by the calls that were sent to it: one whose process hangs keeps its connection, and its share of the calls.</summary>
internal sealed class ServerHealth(TimeProvider time) : ISubchannelCallTracker
{
    /// <summary>How many calls in a row that got no answer have a server be an outlier. Envoy's default for consecutive failures.</summary>
    private const int MaxFailures = 5;

    /// <summary>How often an outlier is asked by one call whether it answers again.</summary>
    private static readonly TimeSpan Ejection = TimeSpan.FromSeconds(5);

    private int _failures;
    private long _lastAsked;

    /// <summary>Whether a call goes there: always, or where it is an outlier one once in a while.</summary>
    public bool Takes()
    {
        if (Volatile.Read(ref _failures) < MaxFailures)
        {
            return true;
        }

        var last = Volatile.Read(ref _lastAsked);
        return time.GetElapsedTime(last) >= Ejection && Interlocked.CompareExchange(ref _lastAsked, time.GetTimestamp(), last) == last;
    }

    /// <summary>Forgets the failures.</summary>
    public void Forgive() => Volatile.Write(ref _failures, 0);

    /// <inheritdoc/>
    public void Start()
    {
    }

    /// <inheritdoc/>
    public void Complete(CompletionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Error is null)
        {
            Forgive(); // whatever the answer is
        }
        else if (Interlocked.Increment(ref _failures) == MaxFailures)
        {
            Volatile.Write(ref _lastAsked, time.GetTimestamp());
        }
    }
}
