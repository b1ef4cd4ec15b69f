using SpamGuard.Addresses;

namespace SpamGuard.Storage;

/// <summary>One subject of one event or report: the record to update, and the one of the epoch before, which is only read.</summary>
/// <param name="Current">The record of the current epoch.</param>
/// <param name="Previous">The record of the epoch before; none where that epoch's salt is not known.</param>
/// <param name="Deadline">Unix second at which <paramref name="Current"/> is gone.</param>
/// <param name="MayCreate">Whether a record may be made where there is none; else it is only updated.</param>
/// <param name="Member">The bit of the event's member in <paramref name="Current"/>, 0 for nobody.</param>
/// <param name="FastCharge">Seconds that a unit adds to the fast bucket (0 in a report).</param>
/// <param name="SlowCharge">Seconds that a unit adds to the slow bucket (0 in a report).</param>
internal readonly record struct SubjectItem(
    SubjectKey Current, SubjectKey Previous, long Deadline, bool MayCreate, uint Member, int FastCharge, int SlowCharge)
{
    /// <summary>The bit of the event's member in <see cref="Previous"/>, 0 for nobody. The model reads it, no store does.</summary>
    public uint PreviousMember { get; init; }

    /// <summary>What stands for the member when the event is reported: a sign-up counts whoever it is for, a report on it once an account. No store reads it.</summary>
    public uint ReportedMember { get; init; }
}
