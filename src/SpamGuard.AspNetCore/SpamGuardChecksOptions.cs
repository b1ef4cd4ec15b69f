using Microsoft.AspNetCore.Http;
using SpamGuard.V1;

namespace SpamGuard.AspNetCore;

/// <summary>What is asked about a request, and what is answered to one that isn't let through.</summary>
public sealed class SpamGuardChecksOptions
{
    /// <summary>The section of a configuration that these are usually bound to.</summary>
    public const string Section = "SpamGuard:Checks";

    /// <summary>The meter of the checks' metrics, to be named to whatever collects them.</summary>
    public const string MeterName = "SpamGuard.AspNetCore";

    /// <summary>Says of a request the opaque digest of the account that acts or will, up to 256 bytes; never a name or a mail address in the clear. Default: none.</summary>
    public Func<HttpContext, ValueTask<string?>>? Account { get; set; }

    /// <summary>Says of a request the opaque digest of what it says, up to 256 bytes. Default: none.</summary>
    public Func<HttpContext, ValueTask<string?>>? Content { get; set; }

    /// <summary>Answers with a challenge. Default: 403 with problem details of the type <see cref="SpamGuardChallenge.ProblemType"/>. A page or a controller may instead be an <see cref="ISpamGuardChallengePage"/>.</summary>
    public Func<SpamGuardChallenge, ValueTask<IResult>>? OnChallenge { get; set; }

    /// <summary>Says whether a request that came back from a challenge holds the proof. Default: none, and no challenge can be passed.</summary>
    public Func<SpamGuardProof, ValueTask<bool>>? VerifyChallenge { get; set; }

    /// <summary>Answers a request that is refused, in place of the problem details. <c>Retry-After</c> is set already. Default: 403 or 429 with problem details.</summary>
    public Func<SpamGuardRefusal, ValueTask<IResult>>? OnRefused { get; set; }

    /// <summary>The form field that a challenge's state comes back in; <c>null</c> for none: then no form is read here. Default: <c>spamguard-challenge</c>.</summary>
    public string? ChallengeField { get; set; } = "spamguard-challenge";

    /// <summary>The header that a challenge's state comes back in; <c>null</c> for none. Default: <c>SpamGuard-Challenge</c>.</summary>
    public string? ChallengeHeader { get; set; } = "SpamGuard-Challenge";

    /// <summary>How long a challenge can be passed. 10 s to 1 day. Default: 15 min.</summary>
    public TimeSpan ChallengeLifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How many challenges that were answered are remembered, so that none is answered twice and none lets two requests through; the oldest are forgotten for it. 1,000 to 1,000,000. Default: 50,000.</summary>
    public int MaxAnsweredChallenges { get; set; } = 50_000;

    /// <summary>
    /// The verdict on a request without an address, by a Unix socket for example, or by a proxy whose forwarded header nothing could process: nobody can be asked about it. Default: <see cref="Verdict.Challenge"/>.
    /// </summary>
    public Verdict VerdictWithoutAddress { get; set; } = Verdict.Challenge;

    /// <summary>From how many clients behind one private address within an hour it is warned of a proxy that is not known. 2 to 1,000. Default: 10.</summary>
    public int MaxClientsOfPrivateAddress { get; set; } = 10;

    /// <summary>Whether problem details tell the codes of the reasons: to the client, who may be the spammer. Default: no.</summary>
    public bool IncludeReasons { get; set; }
}
