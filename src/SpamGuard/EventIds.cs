namespace SpamGuard;

/// <summary>The numbers of all log events of the product. A number is a contract: it is never used again for something else.</summary>
internal static class EventIds
{
    /// <summary>The salts could not be brought up to date.</summary>
    public const int EpochRefreshFailed = 1001;

    /// <summary>The salts are known again.</summary>
    public const int EpochRefreshRecovered = 1002;

    /// <summary>A live epoch names a pepper that is not configured.</summary>
    public const int PepperMissing = 1003;

    /// <summary>This process' clock and the store's are too far apart.</summary>
    public const int ClockSkewed = 1004;

    /// <summary>The two clocks are near each other again.</summary>
    public const int ClockRight = 1005;

    /// <summary>What stands for an epoch's record in the store is none.</summary>
    public const int EpochRecordMalformed = 1006;

    /// <summary>Other peppers are in force.</summary>
    public const int PeppersApplied = 1007;

    /// <summary>The mounted peppers can't be taken; those before stay in force.</summary>
    public const int PeppersRejected = 1008;

    /// <summary>More can read a pepper than need to.</summary>
    public const int PepperOpenToAll = 1009;

    /// <summary>An operator began an epoch anew.</summary>
    public const int EpochRolled = 1010;

    /// <summary>The aggregates could not be merged.</summary>
    public const int AggregateFlushFailed = 1101;

    /// <summary>The aggregates are merged again.</summary>
    public const int AggregateFlushRecovered = 1102;

    /// <summary>Nothing answers where the store should be.</summary>
    public const int StoreNotConnected = 1201;

    /// <summary>A connection to the store broke.</summary>
    public const int StoreConnectionLost = 1202;

    /// <summary>A connection to the store is back.</summary>
    public const int StoreConnectionRestored = 1203;

    /// <summary>The store refuses the account or its password.</summary>
    public const int StoreRefusesAccount = 1204;

    /// <summary>The store fails calls; the failure policy answers.</summary>
    public const int StoreAway = 1205;

    /// <summary>The store answers again.</summary>
    public const int StoreBack = 1206;

    /// <summary>What watched files hold could not be taken over, by a fault of ours.</summary>
    public const int FileChangeFailed = 1301;

    /// <summary>Files of tags can't be taken; what is known stays in force.</summary>
    public const int TagFilesRejected = 1302;

    /// <summary>Files of tags are in force.</summary>
    public const int TagFilesApplied = 1303;

    /// <summary>A policy from the file is in force.</summary>
    public const int PolicyApplied = 1401;

    /// <summary>The policy file can't be used; the policy in force stays.</summary>
    public const int PolicyRejected = 1402;
}
