using SpamGuard.Storage;

namespace SpamGuard.Desk.Audit;

/// <summary>What a pass counted of the keys of one kind, or of those that have none.</summary>
/// <param name="kind">The kind; <c>null</c> for what begins like ours and is of no kind.</param>
internal sealed class KeyTally(KeyKind? kind)
{
    private readonly long[] _found = new long[KeyFaults.All.Count];
    private readonly long[] _deleted = new long[KeyFaults.All.Count];

    /// <summary>The kind, if any.</summary>
    public KeyKind? Kind { get; } = kind;

    /// <summary>Keys on masters.</summary>
    public long Keys { get; private set; }

    /// <summary>Keys on replicas.</summary>
    public long Copies { get; private set; }

    /// <summary>The longest that a key has left to live, in milliseconds, one over its cap included.</summary>
    public long LargestRemaining { get; private set; }

    /// <summary>Counts a key without asking what is wrong with it.</summary>
    public void Met(bool onMaster)
    {
        Keys += onMaster ? 1 : 0;
        Copies += onMaster ? 0 : 1;
    }

    /// <summary>Takes note of what a key has left to live, in milliseconds.</summary>
    public void Remains(long remaining) => LargestRemaining = Math.Max(LargestRemaining, remaining);

    /// <summary>Counts a key with a fault; it was asked twice.</summary>
    public void Faulty(KeyFault fault) => _found[(int)fault]++;

    /// <summary>Counts a deleted key.</summary>
    public void Deleted(KeyFault fault) => _deleted[(int)fault]++;

    /// <summary>How many had the fault.</summary>
    public long Found(KeyFault fault) => _found[(int)fault];

    /// <summary>How many of them were deleted.</summary>
    public long DeletedOf(KeyFault fault) => _deleted[(int)fault];
}
