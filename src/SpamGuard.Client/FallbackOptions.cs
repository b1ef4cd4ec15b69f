using SpamGuard.V1;

namespace SpamGuard.Client;

/// <summary>The verdict while the service gives none. Open at first, so that a restart is nobody's business, and not for ever, so that whoever can take the service away gains little.</summary>
public sealed class FallbackOptions
{
    /// <summary>The verdict during <see cref="Grace"/>. Default: <see cref="Verdict.Allow"/>.</summary>
    public Verdict Verdict { get; set; } = Verdict.Allow;

    /// <summary>
    /// How long, from the first call that got no verdict. It begins anew once ten in a row have had one, and none has been without for <see cref="SpamGuardClientOptions.OutageRecovery"/>: as long as only some of the servers answer, the rest of the calls is
    /// not let in for ever. 0 to 1 h. Default: 30 s.
    /// </summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The verdict after <see cref="Grace"/>, and at once for what is over the caller's quota or the service can't take. Default: <see cref="Verdict.Challenge"/>.</summary>
    public Verdict VerdictAfterGrace { get; set; } = Verdict.Challenge;
}
