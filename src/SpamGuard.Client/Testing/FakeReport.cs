using SpamGuard.V1;

namespace SpamGuard.Client.Testing;

/// <summary>A report that a fake was given.</summary>
/// <param name="DecisionToken">The decision; <c>null</c> where the event itself was reported.</param>
/// <param name="Event">The event.</param>
/// <param name="Label">What became of it.</param>
/// <param name="Reporter">Who complained; <c>null</c> for nobody.</param>
public sealed record FakeReport(string? DecisionToken, SpamGuardEvent Event, OutcomeLabel Label, string? Reporter)
{
    /// <summary>Whether another says the same of the same decision, or of the same event.</summary>
    internal bool Repeats(FakeReport other) => Label == other.Label
        && string.Equals(Reporter, other.Reporter, StringComparison.Ordinal)
        && string.Equals(DecisionToken, other.DecisionToken, StringComparison.Ordinal)
        && (DecisionToken is not null || ReferenceEquals(Event, other.Event));
}
