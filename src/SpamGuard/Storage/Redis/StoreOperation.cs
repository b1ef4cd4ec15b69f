namespace SpamGuard.Storage.Redis;

/// <summary>A call to the store, as metrics name it.</summary>
internal enum StoreOperation
{
    /// <summary>Events counted.</summary>
    Observe,

    /// <summary>Reports counted.</summary>
    Report,

    /// <summary>Records read.</summary>
    Read,

    /// <summary>A salt read or planted.</summary>
    Epoch,

    /// <summary>Aggregates merged.</summary>
    Add,

    /// <summary>The clock read.</summary>
    Time,
}
