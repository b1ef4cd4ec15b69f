using System.CommandLine;
using SpamGuard.Cli.Calls;
using SpamGuard.V1;

namespace SpamGuard.Cli.Transparency;

/// <summary><c>spamguard transparency report</c>: the figures of the public page, from the desk.</summary>
internal sealed class TransparencyReportCommand : Command
{
    private readonly Option<string?> _from = new("--from") { Description = "The first month. [default: twelve months, or as many as there are]", HelpName = "YYYY-MM" };
    private readonly Option<string?> _to = new("--to") { Description = "The last month. [default: the current one]", HelpName = "YYYY-MM" };
    private readonly Option<bool> _all = new("--all") { Description = "Every month since the ledger began." };
    private readonly ServerCall _call;

    /// <summary>The verb.</summary>
    public TransparencyReportCommand(Terminal terminal)
        : base("report", "Prints the figures of the public page, by month; exits with 6 where the desk says that its ledger is not as it must be.")
    {
        Add(_from);
        Add(_to);
        Add(_all);
        Validators.Add(result =>
        {
            if (result.GetValue(_all) && (result.GetValue(_from) is not null || result.GetValue(_to) is not null))
            {
                result.AddError("Name either --all, or --from and --to.");
            }
        });
        _call = new ServerCall(this, terminal);
        SetAction(RunAsync);
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var request = new GetReportRequest { From = parsed.GetValue(_from) ?? string.Empty, To = parsed.GetValue(_to) ?? string.Empty, All = parsed.GetValue(_all) };
        return _call.RunAsync(
            parsed,
            (invoker, options) => new TransparencyService.TransparencyServiceClient(invoker).GetReportAsync(request, options),
            TransparencyText.Tables,
            static response => response.LedgerSound ? ExitCodes.Ok : ExitCodes.VerificationFailed,
            cancellationToken);
    }
}
