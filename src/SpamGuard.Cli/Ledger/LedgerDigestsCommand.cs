using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
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
        var json = JsonOption.New("Print a JSON object a line: seq and digest. --digests of verify takes the plain lines.");
        Add(path);
        Add(after);
        Add(json);
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
                terminal.Output.WriteLine(parsed.GetValue(json) ? Json(line) : line);
            }

            return Task.FromResult(ExitCodes.Ok);
        });
    }

    private static string Json(string line)
    {
        var parts = line.Split(' ');
        return new JsonObject { ["seq"] = long.Parse(parts[0], CultureInfo.InvariantCulture), ["digest"] = parts[1] }.ToJsonString();
    }
}
