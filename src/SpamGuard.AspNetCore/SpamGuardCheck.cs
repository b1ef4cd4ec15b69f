using System.Net;
using Microsoft.AspNetCore.Http;
using SpamGuard.AspNetCore.Challenges;
using SpamGuard.Client;
using SpamGuard.V1;

namespace SpamGuard.AspNetCore;

/// <summary>What came of the check of a request: a feature of it, and a parameter that the handler of a minimal API may have.</summary>
public sealed class SpamGuardCheck
{
    private SpamGuardAssessment? _assessment;
    private EventKind _kind;
    private Proof? _proof;

    private SpamGuardCheck(HttpContext context) => HttpContext = context;

    /// <summary>Whether there was one: there is none for GET, HEAD, OPTIONS and TRACE, nor where none is required.</summary>
    public bool IsDone => _assessment is not null;

    /// <summary>What was asked about.</summary>
    /// <exception cref="InvalidOperationException">There was no check.</exception>
    public EventKind Kind => IsDone ? _kind : throw NotDone();

    /// <summary>The assessment that let the request through. After a challenge it is the one of then, and may still say <see cref="Verdict.Challenge"/>: the proof was given.</summary>
    /// <exception cref="InvalidOperationException">There was no check.</exception>
    public SpamGuardAssessment Assessment => _assessment ?? throw NotDone();

    /// <summary>
    /// Names the decision, for at least 3.5 days: keep it with the account or the message, for reports. After a challenge it is the one that set it, for which the event was counted.
    /// <c>null</c> where the service gave none.
    /// </summary>
    public string? DecisionToken { get; private set; }

    /// <summary>Whether a challenge was passed on the way.</summary>
    public bool IsChallengePassed { get; private set; }

    internal HttpContext HttpContext { get; }

    /// <summary>The client's; <c>null</c> where it isn't known.</summary>
    internal IPAddress? Address { get; private set; }

    /// <summary>The application's digest of the account; <c>null</c> for none.</summary>
    internal string? Account { get; private set; }

    /// <summary>The application's digest of the content; <c>null</c> for none.</summary>
    internal string? Content { get; private set; }

    /// <summary><see cref="Kind"/>, also before the check is done.</summary>
    internal EventKind AskedKind => _kind;

    /// <summary>As it was asked about; <c>null</c> where there is no address to ask about.</summary>
    internal SpamGuardEvent? Event { get; private set; }

    /// <summary>The request's, as a parameter: it is filled in by the check, which comes after parameters are bound and before the handler runs.</summary>
    /// <param name="context">The request.</param>
    public static ValueTask<SpamGuardCheck?> BindAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ValueTask.FromResult<SpamGuardCheck?>(Of(context));
    }

    internal static SpamGuardCheck Of(HttpContext context)
    {
        if (context.Features.Get<SpamGuardCheck>() is not { } check)
        {
            context.Features.Set(check = new SpamGuardCheck(context));
        }

        return check;
    }

    internal void Begin(EventKind kind, IPAddress? address, string? account, string? content) =>
        (_kind, Address, Account, Content, Event) = (kind, address, account, content, address is null ? null : new SpamGuardEvent(kind, address, account, content));

    /// <param name="assessment">What was said.</param>
    /// <param name="decisionToken">The decision that the event was counted for, where this is a later look at it.</param>
    internal void End(SpamGuardAssessment assessment, string? decisionToken = null) => (_assessment, DecisionToken) = (assessment, decisionToken ?? assessment.DecisionToken);

    internal void PassChallenge(Proof proof)
    {
        proof.Use();
        (IsChallengePassed, _proof) = (true, proof);
    }

    /// <summary>The handler is done, or an inner one: whoever came with the same decision meanwhile is told.</summary>
    internal void Handled(bool hasFailed)
    {
        if (_proof is not { } proof)
        {
            return;
        }

        _proof = null;
        if (hasFailed)
        {
            proof.Return();
        }

        proof.Dispose();
    }

    private static InvalidOperationException NotDone() =>
        new("SpamGuard was not asked about this request: its endpoint has no RequireSpamGuard(...) and no [RequireSpamGuard(...)], or the method is GET, HEAD, OPTIONS or TRACE.");
}
