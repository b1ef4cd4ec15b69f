using System.Runtime.CompilerServices;
using SpamGuard.Records;
using SpamGuard.Retention;

namespace SpamGuard.Signals;

/// <summary>One subject of an event: its records in both epochs, what stands for the event's member in them, and what the event costs.</summary>
internal struct SubjectState
{
    /// <summary>Whether the event has this subject.</summary>
    public bool Present;

    /// <summary>The record of the current epoch, before this event.</summary>
    public SignalRecord Current;

    /// <summary>The record of the epoch before.</summary>
    public SignalRecord Previous;

    /// <summary>The bit of the event's member in <see cref="Current"/>; 0 for nobody.</summary>
    public uint Member;

    /// <summary>The bit of the event's member in <see cref="Previous"/>; 0 for nobody.</summary>
    public uint PreviousMember;

    /// <summary>Seconds that a unit of this event adds to the fast bucket.</summary>
    public int FastCharge;

    /// <summary>Seconds that a unit of this event adds to the slow bucket.</summary>
    public int SlowCharge;
}

/// <summary>The state of every kind of subject, by kind.</summary>
[InlineArray(SubjectKinds.Count)]
internal struct SubjectStates
{
    private SubjectState _first;
}
