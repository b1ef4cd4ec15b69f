extern alias client;

using client::SpamGuard.V1;
using Microsoft.AspNetCore.Mvc;
using SpamGuard.AspNetCore;

namespace SpamGuard.IntegrationTests.AspNetCore;

/// <summary>A controller that is checked, by the attribute on it and on its actions.</summary>
[ApiController]
[Route("mvc")]
[RequireSpamGuard(EventKind.SignUp)]
public sealed class CheckedController : ControllerBase
{
    [HttpPost("sign-up")]
    public Seen SignUp() => Seen.Of(HttpContext);

    [HttpPost("message")]
    [RequireSpamGuard(EventKind.Message)]
    public Seen Message() => Seen.Of(HttpContext);

    [HttpPost("valid")]
    public Seen Valid([FromQuery] int number) => number == 0 ? throw new InvalidOperationException("Nothing is bound.") : Seen.Of(HttpContext);

    [HttpPost("fails")]
    public Seen Fails([FromQuery] bool fails) => fails ? throw new InvalidOperationException("The disk is full.") : Seen.Of(HttpContext);

    [HttpGet("form")]
    public string Form() => HttpContext.GetSpamGuardAssessment() is null ? "unasked" : "asked";
}
