using System.CommandLine;
using SpamGuard.Desk.Ledger;

namespace SpamGuard.Cli.Ledger;

/// <summary><c>spamguard ledger digests</c>: what whoever may not see the entries can verify.</summary>
internal sealed class LedgerDigestsCommand : Command
{
    /// <summary>The verb.</summary>
    public LedgerDigestsCommand(Terminal terminal)
        : base("digests", "Verifies a ledger and prints a line for each entry, its number and the SHA-256 of what it says: they tell nothing of it, and prove that it was not changed.")
    {
        var path = LedgerInput.File();
        var after = new Option<long>("--after") { Description = "Begin behind the entry of this number.", DefaultValueFactory = static _ => 0 };
        after.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValue(after) < 0)
            {
                result.AddError("--after takes the number of an entry, or 0 for all.");
            }
        });
        Add(path);
        Add(after);
        SetAction((parsed, cancellationToken) =>
        {
            if (LedgerInput.HeadOrSay(parsed.GetRequiredValue(path), terminal, cancellationToken) is not { } head)
            {
                return Task.FromResult(ExitCodes.VerificationFailed);
            }

            using var file = LedgerInput.Open(parsed.GetRequiredValue(path));
            foreach (var line in LedgerDigests.Read(file, parsed.GetValue(after), head.Seq))
            {
                cancellationToken.ThrowIfCancellationRequested();
                terminal.Output.WriteLine(line);
            }

            return Task.FromResult(ExitCodes.Ok);
        });
    }
}
