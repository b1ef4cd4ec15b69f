namespace SpamGuard.Desk.Transparency;

/// <summary>Requests of authorities in numbers. Each received one stands in one of the numbers behind it.</summary>
/// <param name="Received">All that may be shown.</param>
/// <param name="Rejected">Refused.</param>
/// <param name="Withdrawn">Rejected by who entered them; whether the authority was refused is not known.</param>
/// <param name="Pending">Not answered yet.</param>
/// <param name="NothingHeld">Executed, and nothing was held.</param>
/// <param name="PartlyDisclosed">Executed, and something was held on some addresses.</param>
/// <param name="FullyDisclosed">Executed, and something was held on all addresses.</param>
/// <param name="ExpiredUnexecuted">Not executed within its validity.</param>
/// <param name="OutcomeUnknown">Executed by a process that ended meanwhile.</param>
/// <param name="SubjectsRequested">Addresses that they named.</param>
/// <param name="SubjectsDisclosed">Addresses on which something was given out.</param>
/// <param name="MedianDays">Whole days from receipt to answer, the median of the answered ones; null without one.</param>
internal sealed record RequestFigures(
    long Received,
    long Rejected,
    long Withdrawn,
    long Pending,
    long NothingHeld,
    long PartlyDisclosed,
    long FullyDisclosed,
    long ExpiredUnexecuted,
    long OutcomeUnknown,
    long SubjectsRequested,
    long SubjectsDisclosed,
    double? MedianDays);
