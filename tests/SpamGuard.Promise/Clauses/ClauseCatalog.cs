namespace SpamGuard.Promise.Clauses;

/// <summary>Every clause, in the order in which they are walked: one after the other, for each looks at the whole store.</summary>
internal static class ClauseCatalog
{
    /// <summary>New ones, for one walk.</summary>
    public static IReadOnlyList<IClause> All =>
    [
        new EveryKeyHasALife(),
        new StoreRefuses(),
        new NothingReachesADisk(),
        new Transport(),
        new SaltsAreKept(),
        new RetryCountsNothing(),
        new CallersAreKnown(),
        new RolesAreKept(),
        new PepperStaysOutside(),
        new OverrideHolds(),
        new RollForgets(), // of what was learned before nothing is known after it
        new LedgerHolds(), // the desk is another process after it
        new TwoPeopleAndAnOrder(),
        new FiguresAreTheLedgers(), // after all that is counted in figures
        new HashOnly(), // after every call
        new SaltsEnd(), // no process of the service runs on after it
        new AuditorRemoves(),
        new ErasureErases(),
        new EpochsEnd(),
    ];
}
