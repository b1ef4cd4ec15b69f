using System.CommandLine;

namespace SpamGuard.Cli.Ledger;

/// <summary><c>spamguard ledger head</c>: what to keep elsewhere.</summary>
internal sealed class LedgerHeadCommand : Command
{
    /// <summary>The verb.</summary>
    public LedgerHeadCommand(Terminal terminal)
        : base("head", "Verifies a ledger and prints its signed head as JSON: kept elsewhere, it proves later that nothing up to it was changed.")
    {
        var path = LedgerInput.File();
        Add(path);
        Add(JsonOption.New("It is JSON with and without.")); // like every verb that prints data
        SetAction((parsed, cancellationToken) =>
        {
            if (LedgerInput.HeadOrSay(parsed.GetRequiredValue(path), terminal, cancellationToken) is not { } head)
            {
                return Task.FromResult(ExitCodes.VerificationFailed);
            }

            terminal.Output.WriteLine(head.ToJson().ToJsonString(LedgerInput.Readable));
            return Task.FromResult(ExitCodes.Ok);
        });
    }
}
