namespace SpamGuard.Desk.Transparency;

/// <summary>A figure with its names: page, JSON and CSV take their columns from these lists.</summary>
/// <param name="Name">Its name for programs: a contract.</param>
/// <param name="Heading">Its name for people.</param>
/// <param name="Of">The figure; null where there is none.</param>
internal sealed record FigureColumn<T>(string Name, string Heading, Func<T, double?> Of);

/// <summary>The figures that there are.</summary>
internal static class FigureColumns
{
    /// <summary>What became of requests: together these are all that were received.</summary>
    public static IReadOnlyList<FigureColumn<RequestFigures>> Answers { get; } =
    [
        new("fully_disclosed", "Fully disclosed", static f => f.FullyDisclosed),
        new("partly_disclosed", "Partly disclosed", static f => f.PartlyDisclosed),
        new("nothing_held", "Nothing held", static f => f.NothingHeld),
        new("rejected", "Rejected", static f => f.Rejected),
        new("withdrawn", "Withdrawn", static f => f.Withdrawn),
        new("pending", "Pending", static f => f.Pending),
        new("expired_unexecuted", "Expired", static f => f.ExpiredUnexecuted),
        new("outcome_unknown", "Unknown", static f => f.OutcomeUnknown),
    ];

    /// <summary>Of requests.</summary>
    public static IReadOnlyList<FigureColumn<RequestFigures>> Requests { get; } =
    [
        new("received", "Received", static f => f.Received),
        .. Answers,
        new("subjects_requested", "Addresses asked for", static f => f.SubjectsRequested),
        new("subjects_disclosed", "Addresses disclosed", static f => f.SubjectsDisclosed),
        new("median_days", "Median days", static f => f.MedianDays),
    ];

    /// <summary>How erasures ended.</summary>
    public static IReadOnlyList<FigureColumn<ActFigures>> Erasures { get; } =
    [
        new("erasures_done", "Erased", static f => f.ErasuresDone),
        new("erasures_nothing_held", "Nothing was held", static f => f.ErasuresNothingHeld),
    ];

    /// <summary>Of everything else that the desk does.</summary>
    public static IReadOnlyList<FigureColumn<ActFigures>> Acts { get; } =
    [
        .. Erasures,
        new("inspections", "Shown to the person", static f => f.Inspections),
        new("overrides_allow", "Allowed by hand", static f => f.OverridesAllow),
        new("overrides_challenge", "Challenged by hand", static f => f.OverridesChallenge),
        new("overrides_throttle", "Throttled by hand", static f => f.OverridesThrottle),
        new("overrides_deny", "Denied by hand", static f => f.OverridesDeny),
        new("appeals", "Of those allowed, on appeal", static f => f.Appeals),
        new("epoch_rolls", "Emergency rolls", static f => f.EpochRolls),
        new("acts_outcome_unknown", "Perhaps done", static f => f.OutcomeUnknown),
    ];
}
