using Grpc.Core;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SpamGuard.Client;
using SpamGuard.V1;

namespace SpamGuard.Sample.SignUp.Pages;

/// <summary>Who signed up, and what became of it: reported by the decision token that was kept with the account.</summary>
/// <param name="accounts">The accounts.</param>
/// <param name="spamGuard">Takes reports.</param>
internal sealed class AccountsModel(Accounts accounts, ISpamGuardClient spamGuard) : PageModel
{
    /// <summary>The accounts, oldest first.</summary>
    public IReadOnlyList<Account> All => [.. accounts.All];

    /// <summary>What came of a report; <c>null</c> for none.</summary>
    public string? Said { get; private set; }

    /// <summary>Reports.</summary>
    /// <param name="index">Which account.</param>
    /// <param name="spam">What the moderator says.</param>
    public async Task OnPostReportAsync(int index, bool spam)
    {
        if (All.ElementAtOrDefault(index)?.DecisionToken is not { } token)
        {
            Said = "There is no decision to report on: SpamGuard was away at that sign-up.";
            return;
        }

        try
        {
            var report = await spamGuard.ReportAsync(token, spam ? OutcomeLabel.Spam : OutcomeLabel.Legitimate);
            Said = $"Reported: {report.Result}.";
        }
        catch (RpcException e)
        {
            Said = $"Not reported ({e.StatusCode}): try again later.";
        }
    }
}
