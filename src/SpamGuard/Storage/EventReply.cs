namespace SpamGuard.Storage;

/// <summary>What the store did with one event or report.</summary>
internal enum ReplyStatus
{
    /// <summary>Counted.</summary>
    Counted,

    /// <summary>A retry: nothing was counted, and the reply is the first call's.</summary>
    Replayed,

    /// <summary>The request id belongs to another event of this address: nothing was counted.</summary>
    OtherEvent,

    /// <summary>A second report of the same label: nothing was counted.</summary>
    Duplicate,

    /// <summary>The address' record is gone: nothing was counted at any level.</summary>
    Gone,
}

/// <summary>The store's answer to one event or report.</summary>
/// <param name="Status">What was done.</param>
/// <param name="Now">The store's clock in unix seconds; on a replay that of the first call.</param>
/// <param name="Records">Per item, in order. Empty where nothing was counted and nothing is replayed.</param>
/// <param name="Context">On a replay, what the first call left (<see cref="ReplayGuard.Context"/>); else empty.</param>
internal sealed record EventReply(ReplyStatus Status, long Now, RecordPairs Records, ReadOnlyMemory<byte> Context);
