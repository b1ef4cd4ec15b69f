namespace SpamGuard.Server.Callers.Peers;

/// <summary>What became of a certificate, and for how long that holds while the settings stay as they are.</summary>
/// <param name="Admission">Who it is, or why it is refused.</param>
/// <param name="From">The first time at which it holds.</param>
/// <param name="Until">From when on it must be judged again.</param>
internal sealed record Judgement(Admission Admission, DateTimeOffset From, DateTimeOffset Until)
{
    /// <summary>For ever, for time plays no part in it.</summary>
    public static Judgement Refused(Refusal refusal) => new(Admission.Refused(refusal), DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
}
