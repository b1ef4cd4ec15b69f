namespace SpamGuard.Policies;

/// <summary>What the caller should do, mildest first.</summary>
internal enum Verdict : byte
{
    /// <summary>Accept.</summary>
    Allow,

    /// <summary>Ask for proof.</summary>
    Challenge,

    /// <summary>Not now: try again after a stated wait.</summary>
    Throttle,

    /// <summary>Refuse.</summary>
    Deny,
}

/// <summary>How verdicts are written in CSV files, policies and metrics.</summary>
internal static class Verdicts
{
    /// <summary>All verdicts, mildest first.</summary>
    public static IReadOnlyList<Verdict> All { get; } = [Verdict.Allow, Verdict.Challenge, Verdict.Throttle, Verdict.Deny];

    /// <summary><c>ALLOW</c>, <c>CHALLENGE</c>, <c>THROTTLE</c> or <c>DENY</c>.</summary>
    public static string Name(this Verdict verdict) => verdict switch
    {
        Verdict.Allow => "ALLOW",
        Verdict.Challenge => "CHALLENGE",
        Verdict.Throttle => "THROTTLE",
        Verdict.Deny => "DENY",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, message: null),
    };
}
