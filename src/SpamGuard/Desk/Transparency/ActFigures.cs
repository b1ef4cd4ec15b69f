namespace SpamGuard.Desk.Transparency;

/// <summary>What else the desk did, in numbers.</summary>
/// <param name="ErasuresDone">Erasures of what was held on an address.</param>
/// <param name="ErasuresNothingHeld">Erasures that met nothing.</param>
/// <param name="Inspections">Times that a person was told what is held on their address.</param>
/// <param name="OverridesAllow">Addresses or networks that an operator allowed.</param>
/// <param name="OverridesChallenge">Those that an operator had challenged.</param>
/// <param name="OverridesThrottle">Those that an operator had throttled.</param>
/// <param name="OverridesDeny">Those that an operator denied.</param>
/// <param name="Appeals">Of those that were allowed, the ones that were named by the token of a decision: somebody had objected to it.</param>
/// <param name="EpochRolls">Emergency rolls, each of which forgets everything of a class.</param>
/// <param name="OutcomeUnknown">Any of these that may be done, wholly or in part, or that a fail-over could undo: in no other figure.</param>
internal sealed record ActFigures(
    long ErasuresDone,
    long ErasuresNothingHeld,
    long Inspections,
    long OverridesAllow,
    long OverridesChallenge,
    long OverridesThrottle,
    long OverridesDeny,
    long Appeals,
    long EpochRolls,
    long OutcomeUnknown)
{
    /// <summary>None.</summary>
    public static readonly ActFigures None = new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>Both together.</summary>
    public static ActFigures operator +(ActFigures left, ActFigures right) => new(
        left.ErasuresDone + right.ErasuresDone,
        left.ErasuresNothingHeld + right.ErasuresNothingHeld,
        left.Inspections + right.Inspections,
        left.OverridesAllow + right.OverridesAllow,
        left.OverridesChallenge + right.OverridesChallenge,
        left.OverridesThrottle + right.OverridesThrottle,
        left.OverridesDeny + right.OverridesDeny,
        left.Appeals + right.Appeals,
        left.EpochRolls + right.EpochRolls,
        left.OutcomeUnknown + right.OutcomeUnknown);
}
