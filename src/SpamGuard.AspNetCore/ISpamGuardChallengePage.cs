using Microsoft.AspNetCore.Mvc;

namespace SpamGuard.AspNetCore;

/// <summary>A page model or a controller that shows challenges itself, so that the form keeps what was typed.</summary>
public interface ISpamGuardChallengePage
{
    /// <summary>Answers with a challenge, in place of the handler: <c>Page()</c> with a form that carries <see cref="SpamGuardChallenge.State"/>, for example. The properties are bound.</summary>
    /// <param name="challenge">The challenge.</param>
    Task<IActionResult> OnSpamGuardChallengeAsync(SpamGuardChallenge challenge);
}
