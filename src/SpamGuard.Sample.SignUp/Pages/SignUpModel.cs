using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SpamGuard.AspNetCore;
using SpamGuard.V1;

namespace SpamGuard.Sample.SignUp.Pages;

/// <summary>The form, with a question in it where SpamGuard asks for proof.</summary>
/// <param name="accounts">Where accounts go.</param>
[RequireSpamGuard(EventKind.SignUp, SkipInvalidModel = true)]
internal sealed class SignUpModel(Accounts accounts) : PageModel, ISpamGuardChallengePage
{
    /// <summary>The name of the account.</summary>
    [BindProperty]
    [Required]
    [StringLength(40)]
    public string Name { get; set; } = string.Empty;

    /// <summary>The challenge that is to be passed; <c>null</c> for none.</summary>
    public SpamGuardChallenge? Asked { get; private set; }

    /// <summary>The challenge's state and the answer, where the form that came with them is invalid and was not looked at: they come back with the next.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Carried { get; private set; } = [];

    /// <summary>Makes the account. SpamGuard let it through, unless the model is invalid.</summary>
    public IActionResult OnPost()
    {
        if (!ModelState.IsValid)
        {
            Carried = [.. ((string[])["spamguard-challenge", Question.Field]).Where(Request.Form.ContainsKey).Select(field => KeyValuePair.Create(field, Request.Form[field].ToString()))];
            return Page();
        }

        accounts.Add(Name, HttpContext.GetSpamGuardDecisionToken());
        return RedirectToPage("Accounts");
    }

    /// <inheritdoc/>
    public Task<IActionResult> OnSpamGuardChallengeAsync(SpamGuardChallenge challenge)
    {
        Asked = challenge;
        Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.FromResult<IActionResult>(Page());
    }
}
