using System.Globalization;
using SpamGuard.Policies;

namespace SpamGuard.Cli.Scenarios.Gates;

/// <summary>The sorts of gates. A verdict always stands for itself and the harder ones.</summary>
internal static class Must
{
    /// <summary>From this share of friction on, what the guide calls a miss is caught.</summary>
    private const double Caught = .5;

    /// <summary>No event is given the verdict.</summary>
    public static Gate Never(Verdict verdict) => new(
        $"{verdict.Name()} 0", (answers, _) => Measurement.Under(GateUnit.Events, answers.AtLeast(verdict), 0));

    /// <summary>Fewer than this share of the events are given the verdict.</summary>
    public static Gate StayBelow(Verdict verdict, double share) => new(
        $"{verdict.Name()} < {GateUnits.Share(share)}",
        (answers, _) => Measurement.Under(GateUnit.Share, answers.ShareAtLeast(verdict), share, strictly: true));

    /// <summary>At most this share of the events are given the verdict.</summary>
    public static Gate StayWithin(Verdict verdict, double share) => new(
        $"{verdict.Name()} ≤ {GateUnits.Share(share)}", (answers, _) => Measurement.Under(GateUnit.Share, answers.ShareAtLeast(verdict), share));

    /// <summary>At least this share of the events are given the verdict.</summary>
    public static Gate Reach(Verdict verdict, double share) => new(
        $"{verdict.Name()} ≥ {GateUnits.Share(share)}", (answers, _) => Measurement.Reached(answers.ShareAtLeast(verdict), share));

    /// <summary>The verdict comes by this event at the latest.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <param name="ordinal">Which event, from 1.</param>
    public static Gate ComeBy(Verdict verdict, int ordinal) => new(
        string.Create(CultureInfo.InvariantCulture, $"{verdict.Name()} by #{ordinal}"),
        (answers, _) => answers.First(verdict) is { } first ? Measurement.Under(GateUnit.Ordinal, first, ordinal) : Measurement.NeverCame(ordinal));

    /// <summary>The last event that is treated milder comes neither early nor late.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <param name="earliest">The first event, from 1, from which on all may be given it.</param>
    /// <param name="latest">The first from which on all must.</param>
    public static Gate BeForGoodFrom(Verdict verdict, int earliest, int latest) => new(
        string.Create(CultureInfo.InvariantCulture, $"{verdict.Name()} for good from #{earliest}-{latest}"),
        (answers, _) =>
        {
            var since = answers.LastMilder(verdict) + 1;
            var margin = Math.Min(since - earliest, latest - since) / (double)(latest - earliest);
            return new Measurement(GateUnit.Ordinal, since, latest, margin, margin >= 0 ? GateResult.Pass : GateResult.Fail);
        });

    /// <summary>Once the verdict has come, no later event is treated milder.</summary>
    public static Gate Stay(Verdict verdict) => new(
        $"{verdict.Name()} from then on for good",
        (answers, _) =>
        {
            var since = answers.Count - (answers.First(verdict) ?? answers.Count + 1) + 1;
            return Measurement.Under(GateUnit.Events, since - answers.AtLeast(verdict), 0);
        });

    /// <summary>No event is treated harder than the other part's event of the same ordinal.</summary>
    public static Gate NotBeHarderThan(string other) => new(
        $"never harder than {other}",
        (answers, others) => Measurement.Under(GateUnit.Events, Differing(answers, others(other), (mine, theirs) => mine > theirs), 0));

    /// <summary>Every verdict is the one on the other part's event of the same ordinal, or its neighbour.</summary>
    public static Gate BeWithinOneStepOf(string other) => new(
        $"within one step of {other}",
        (answers, others) => Measurement.Under(
            GateUnit.Events,
            Differing(answers, others(other), (mine, theirs) => Math.Abs((int)mine - (int)theirs) > 1) + Math.Abs(answers.Count - others(other).Count),
            0));

    /// <summary>The guide says that this is not caught. Never a failure; told where it is caught after all.</summary>
    /// <param name="why">What the guide says.</param>
    public static Gate BeMissed(string why) => new(
        why,
        (answers, _) =>
        {
            var share = answers.ShareAtLeast(Verdict.Challenge);
            return new Measurement(GateUnit.Share, share, Caught, 0, share >= Caught ? GateResult.CaughtAfterAll : GateResult.DocumentedMiss);
        });

    private static int Differing(Answers answers, Answers others, Func<Verdict, Verdict, bool> differ) =>
        Enumerable.Range(0, Math.Min(answers.Count, others.Count)).Count(index => differ(answers[index], others[index]));
}
