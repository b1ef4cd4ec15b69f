using SpamGuard.Desk.Ledger;

namespace SpamGuard.Desk.Disclosures;

/// <summary>An order as the ledger knows it.</summary>
/// <param name="Id">Its name: 16 hexadecimal digits, at random.</param>
/// <param name="Seq">The entry by which it was opened.</param>
/// <param name="OpenTime">When that was.</param>
/// <param name="OpenedBy">Who opened it.</param>
/// <param name="Facts">What it says of itself.</param>
/// <param name="Subjects">How many different subjects it names.</param>
internal sealed record Disclosure(string Id, long Seq, DateTimeOffset OpenTime, LedgerActor OpenedBy, OrderFacts Facts, int Subjects)
{
    /// <summary>Whether its opening is entered to its end, without which nobody was given its key.</summary>
    public bool IsConfirmed { get; init; }

    /// <summary>What it can be compared with; <c>null</c> once nothing more can come of it.</summary>
    public OrderCommitments? Commitments { get; init; }

    /// <summary>Whether a decision is being entered.</summary>
    public bool IsBeingDecided { get; init; }

    /// <summary>What was decided last; <c>null</c> before. Who rejects what was approved decides anew.</summary>
    public OrderDecision? Decision { get; init; }

    /// <summary>How it was executed; <c>null</c> before.</summary>
    public OrderExecution? Execution { get; init; }

    /// <summary>Where it stands at a time. Whose commitments are gone can't come back to life, even by a clock that is put back.</summary>
    public DisclosureState StateAt(DateTimeOffset now) => this switch
    {
        { Execution: { } execution } => execution.State,
        { Decision.Kind: DecisionKind.Rejected } => DisclosureState.Rejected,
        { Decision.Kind: DecisionKind.Withdrawn } => DisclosureState.Withdrawn,
        _ when Commitments is null || now >= Facts.ValidUntil => DisclosureState.Expired,
        { IsConfirmed: false } => DisclosureState.Unconfirmed,
        { Decision: not null } => DisclosureState.Approved,
        _ => DisclosureState.Pending,
    };

    /// <summary>Whether somebody is who opened it, as far as names and keys tell.</summary>
    public bool IsOpenedBy(LedgerActor by) => OpenedBy.SharesNameWith(by) || (by.Key.Length > 0 && string.Equals(OpenedBy.Key, by.Key, StringComparison.Ordinal));
}

/// <summary>What was decided about an order.</summary>
/// <param name="Time">When.</param>
/// <param name="By">By whom.</param>
/// <param name="Kind">What.</param>
/// <param name="Reason">Why; empty where nothing was said.</param>
internal sealed record OrderDecision(DateTimeOffset Time, LedgerActor By, DecisionKind Kind, string Reason);

/// <summary>What is decided about an order.</summary>
internal enum DecisionKind
{
    /// <summary>It may be executed.</summary>
    Approved,

    /// <summary>It may not, ever.</summary>
    Rejected,

    /// <summary>The same, by who opened it. Whether whoever ordered it was answered is not known.</summary>
    Withdrawn,
}

/// <summary>How an order was executed.</summary>
/// <param name="Time">When it was begun.</param>
/// <param name="By">By whom.</param>
/// <param name="State">How far it is.</param>
internal sealed record OrderExecution(DateTimeOffset Time, LedgerActor By, DisclosureState State)
{
    /// <summary>What it came to; <c>null</c> where that is not known.</summary>
    public HeldExtent? Held { get; init; }

    /// <summary>On how many subjects something was held.</summary>
    public int Disclosed { get; init; }
}
