extern alias client;

using client::SpamGuard.V1;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SpamGuard.AspNetCore;

namespace SpamGuard.IntegrationTests.AspNetCore;

/// <summary>A model that is checked, and shows no challenge itself.</summary>
[IgnoreAntiforgeryToken]
[RequireSpamGuard(EventKind.SignUp)]
public sealed class CheckedPageModel : PageModel
{
    public IActionResult OnPost() => new JsonResult(Seen.Of(HttpContext));
}
