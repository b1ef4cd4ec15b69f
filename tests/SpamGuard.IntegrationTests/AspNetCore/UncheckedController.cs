using Microsoft.AspNetCore.Mvc;

namespace SpamGuard.IntegrationTests.AspNetCore;

/// <summary>A controller without the attribute: it is checked where it is mapped.</summary>
[Route("mapped")]
public sealed class UncheckedController : Controller
{
    [HttpPost]
    public Seen SignUp() => Seen.Of(HttpContext);
}
