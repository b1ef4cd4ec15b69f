using SpamGuard.Feedback;
using SpamGuard.Scoring;

namespace SpamGuard.Cli.Replay;

/// <summary>Feedback that is still to come, by its time; of equal times, first in, first out.</summary>
internal sealed class FeedbackQueue
{
    private readonly PriorityQueue<Feedback, (long Ticks, long Order)> _pending = new();
    private long _order;

    /// <summary>How much is to come.</summary>
    public int Count => _pending.Count;

    /// <summary>Puts in what will be reported.</summary>
    public void Add(SpamEvent spamEvent, OutcomeLabel label, DateTimeOffset time, ReadOnlyMemory<byte> reporter = default) =>
        _pending.Enqueue(new Feedback(spamEvent, label, time, reporter), (time.UtcTicks, _order++));

    /// <summary>Takes the next that is due at a time, that time included.</summary>
    public bool TryTake(DateTimeOffset now, out Feedback feedback)
    {
        if (_pending.TryPeek(out feedback, out _) && feedback.Time <= now)
        {
            _pending.Dequeue();
            return true;
        }

        return false;
    }

    /// <summary>One report.</summary>
    /// <param name="Event">The event that it is about.</param>
    /// <param name="Label">What it says.</param>
    /// <param name="Time">When it comes.</param>
    /// <param name="Reporter">Digest of who reports; empty if nobody says.</param>
    public readonly record struct Feedback(SpamEvent Event, OutcomeLabel Label, DateTimeOffset Time, ReadOnlyMemory<byte> Reporter);
}
