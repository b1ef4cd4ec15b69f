namespace SpamGuard.Promise.Clauses;

/// <summary>Every clause, in the order in which they are walked: one after the other, for each looks at the whole store.</summary>
internal static class ClauseCatalog
{
    public static IReadOnlyList<IClause> All { get; } =
    [
        new HashOnly(),
        new EveryKeyHasALife(),
        new StoreRefuses(),
        new NothingReachesADisk(),
        new Transport(),
        new RetryCountsNothing(),
        new PepperStaysOutside(),
        new SaltsEnd(), // last: nothing is known after it
    ];
}
