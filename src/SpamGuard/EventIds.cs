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

    /// <summary>A process saw that others began an epoch anew.</summary>
    public const int EpochBegunAnew = 1011;

    /// <summary>A process adopted another salt of the same generation.</summary>
    public const int SaltOverwritten = 1012;

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

    /// <summary>Connections to the store can't be encrypted.</summary>
    public const int StoreTlsFailed = 1210;

    /// <summary>The files for encrypting can't be used; the last ones stay in force.</summary>
    public const int StoreTlsFilesRejected = 1211;

    /// <summary>The store is on another machine and the way to it is not encrypted.</summary>
    public const int StoreNotEncrypted = 1212;

    /// <summary>The store's memory runs full: no new records of addresses.</summary>
    public const int StoreMemoryTight = 1213;

    /// <summary>There is room in the store again.</summary>
    public const int StoreMemoryEased = 1214;

    /// <summary>The store throws out what has not expired.</summary>
    public const int StoreEvicts = 1215;

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

    /// <summary>The auditor met keys that may not be there.</summary>
    public const int RetentionViolated = 1501;

    /// <summary>A setting of the store would keep what expires.</summary>
    public const int StoreSettingsWrong = 1502;

    /// <summary>The store does not tell a setting.</summary>
    public const int StoreSettingsUnknown = 1503;

    /// <summary>Every setting of the store is as it must be.</summary>
    public const int StoreSettingsRight = 1504;

    /// <summary>The auditor could not see all of the store.</summary>
    public const int AuditIncomplete = 1505;

    /// <summary>The auditor sees all of the store again.</summary>
    public const int AuditRecovered = 1506;

    /// <summary>Entries of the store's ACL log, which the auditor empties.</summary>
    public const int StoreRefusedSomebody = 1507;

    /// <summary>What was held on an address was erased.</summary>
    public const int SubjectErased = 1601;

    /// <summary>An erasure was not acknowledged by as many replicas as must.</summary>
    public const int ErasureUnconfirmed = 1602;

    /// <summary>Somebody was told what is held on an address.</summary>
    public const int SubjectInspected = 1603;

    /// <summary>An erasure was not done, or not wholly.</summary>
    public const int ErasureFailed = 1604;

    /// <summary>The ledger and its key end with the process.</summary>
    public const int LedgerOfThisRun = 1701;

    /// <summary>An entry that a crash cut short was removed.</summary>
    public const int LedgerTailCut = 1702;

    /// <summary>A crash left an act without an outcome.</summary>
    public const int LedgerOutcomeUnknown = 1703;

    /// <summary>An entry can't be written.</summary>
    public const int LedgerNotWritten = 1704;

    /// <summary>The ledger was changed by somebody.</summary>
    public const int LedgerUnsound = 1705;

    /// <summary>A new ledger was begun.</summary>
    public const int LedgerBegun = 1706;

    /// <summary>The ledger could not be read, so it was not verified this time.</summary>
    public const int LedgerUnreadable = 1707;

    /// <summary>A ledger was opened, and where it ended.</summary>
    public const int LedgerOpened = 1708;

    /// <summary>Which overrides there are could not be read; what is known stays in force.</summary>
    public const int OverridesNotRead = 1801;

    /// <summary>Overrides are read again.</summary>
    public const int OverridesReadAgain = 1802;

    /// <summary>An operator said what the verdict of a subject's events is to be.</summary>
    public const int OverrideSet = 1803;

    /// <summary>An operator took that back.</summary>
    public const int OverrideCleared = 1804;

    /// <summary>What the desk saw of policy and peppers can't be entered.</summary>
    public const int ObservationNotNoted = 1821;

    /// <summary>An order of an authority was opened.</summary>
    public const int DisclosureOpened = 1811;

    /// <summary>An order was refused for its category.</summary>
    public const int DisclosureCategoryRefused = 1812;

    /// <summary>An order was approved or rejected.</summary>
    public const int DisclosureDecided = 1813;

    /// <summary>What is held on the addresses of an order was given out.</summary>
    public const int DisclosureExecuted = 1814;

    /// <summary>An order could not be executed, and may be again.</summary>
    public const int DisclosureFailed = 1815;

    /// <summary>A key was presented that is not the order's.</summary>
    public const int DisclosureKeyWrong = 1816;

    /// <summary>Nobody but who opened an order would have decided it, or nobody knows.</summary>
    public const int DisclosureSamePerson = 1817;
}
