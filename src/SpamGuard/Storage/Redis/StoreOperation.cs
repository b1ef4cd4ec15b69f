namespace SpamGuard.Storage.Redis;

/// <summary>A call to the store, as metrics and traces name it.</summary>
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

/// <summary>How operations are written in metrics and traces.</summary>
internal static class StoreOperations
{
    /// <summary>Lower case, as in <c>observe</c>.</summary>
    public static string Name(this StoreOperation operation) => operation switch
    {
        StoreOperation.Observe => "observe",
        StoreOperation.Report => "report",
        StoreOperation.Read => "read",
        StoreOperation.Epoch => "epoch",
        StoreOperation.Add => "add",
        StoreOperation.Time => "time",
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "An operation without a name."),
    };
}
