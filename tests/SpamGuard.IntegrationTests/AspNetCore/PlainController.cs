extern alias client;

using client::SpamGuard.V1;
using Microsoft.AspNetCore.Mvc;
using SpamGuard.AspNetCore;

namespace SpamGuard.IntegrationTests.AspNetCore;

/// <summary>A controller of an application with pages, and not of an API: it shows no challenge itself.</summary>
[Route("plain")]
[RequireSpamGuard(EventKind.SignUp)]
public sealed class PlainController : Controller
{
    [HttpPost]
    public Seen SignUp() => Seen.Of(HttpContext);

    [HttpGet("form")]
    [HttpPost("form")]
    [RequireSpamGuard(EventKind.Message)]
    public Seen Message() => Seen.Of(HttpContext);
}
