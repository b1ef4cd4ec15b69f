using System.CommandLine;
using System.CommandLine.Parsing;
using SpamGuard.Cli.Calls;

namespace SpamGuard.Cli.Subjects;

/// <summary><c>spamguard subject erase --yes</c>: erases what is held on one address; <c>--dry-run</c> shows it instead.</summary>
internal sealed class SubjectEraseCommand : Command
{
    private readonly Option<bool> _yes = new("--yes") { Description = "Do it: what is erased can't be had back." };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Print what would be erased, as inspect does, and erase nothing." };
    private readonly SubjectOptions _subject;
    private readonly ServerCall _call;

    /// <summary>The verb.</summary>
    public SubjectEraseCommand(Terminal terminal)
        : base("erase", "Erases what is held on one address and prints the receipt, which does not name it.")
    {
        Add(_yes);
        Add(_dryRun);
        Validators.Add(Check);
        _subject = new SubjectOptions(this, terminal);
        _call = new ServerCall(this, terminal);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (await _subject.ReadAsync(parsed, cancellationToken) is not { } subject)
        {
            return ExitCodes.Usage;
        }

        return parsed.GetValue(_dryRun)
            ? await _call.RunAsync(
                parsed, subject.Inspect, SubjectText.Tables, static response => response.Epochs.Count == 0 ? ExitCodes.NotFound : ExitCodes.Ok, cancellationToken)
            : await _call.RunAsync(parsed, subject.Erase, SubjectText.Tables, static _ => ExitCodes.Ok, cancellationToken);
    }

    private void Check(CommandResult result)
    {
        if (result.GetValue(_yes) == result.GetValue(_dryRun))
        {
            result.AddError("Name either --yes, to erase, or --dry-run, to see what would be erased.");
        }
    }
}
