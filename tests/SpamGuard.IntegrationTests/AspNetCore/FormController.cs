extern alias client;

using client::SpamGuard.V1;
using Microsoft.AspNetCore.Mvc;
using SpamGuard.AspNetCore;

namespace SpamGuard.IntegrationTests.AspNetCore;

/// <summary>A controller that shows its challenges itself, and looks at its model before it accepts.</summary>
[Route("form")]
[RequireSpamGuard(EventKind.SignUp, SkipInvalidModel = true)]
public sealed class FormController : Controller, ISpamGuardChallengePage
{
    [HttpPost]
    public IActionResult SignUp([FromForm] int number) => ModelState.IsValid ? Json(Seen.Of(HttpContext)) : Content($"mistyped, {(HttpContext.GetSpamGuardAssessment() is null ? "unasked" : "asked")}: {number}");

    [NonAction]
    public Task<IActionResult> OnSpamGuardChallengeAsync(SpamGuardChallenge challenge) => Task.FromResult<IActionResult>(Content($"{challenge.HasFailed} {challenge.State}"));
}
