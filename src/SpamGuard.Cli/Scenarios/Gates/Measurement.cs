namespace SpamGuard.Cli.Scenarios.Gates;

/// <summary>How far a gate held.</summary>
/// <param name="Unit">What is counted.</param>
/// <param name="Measured">The figure; <c>null</c> where what was waited for never came.</param>
/// <param name="Limit">What it was held against.</param>
/// <param name="Margin">
/// What is left of the room that the limit gives: 1 is all of it, below 0 the gate is lost. A limit of 0 gives no room: the margin is 0, or less.
/// </param>
/// <param name="Result">Whether it held.</param>
internal readonly record struct Measurement(GateUnit Unit, double? Measured, double Limit, double Margin, GateResult Result)
{
    /// <summary>A figure that must stay below a limit, or at it.</summary>
    public static Measurement Under(GateUnit unit, double measured, double limit, bool strictly = false) => new(
        unit,
        measured,
        limit,
        limit > 0 ? (limit - measured) / limit : 0 - measured,
        (strictly ? measured < limit : measured <= limit) ? GateResult.Pass : GateResult.Fail);

    /// <summary>A share that must reach a limit below 1.</summary>
    public static Measurement Reached(double measured, double limit) => new(
        GateUnit.Share, measured, limit, (measured - limit) / (1 - limit), measured >= limit ? GateResult.Pass : GateResult.Fail);

    /// <summary>What has to come by an event, and never came.</summary>
    public static Measurement NeverCame(double limit) => new(GateUnit.Ordinal, null, limit, -1, GateResult.Fail);
}
