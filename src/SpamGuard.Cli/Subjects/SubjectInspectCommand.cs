using System.CommandLine;
using SpamGuard.Cli.Calls;

namespace SpamGuard.Cli.Subjects;

/// <summary><c>spamguard subject inspect</c>: what is held on one address, and until when.</summary>
internal sealed class SubjectInspectCommand : Command
{
    private readonly SubjectOptions _subject;
    private readonly ServerCall _call;

    /// <summary>The verb.</summary>
    public SubjectInspectCommand(Terminal terminal)
        : base("inspect", "Prints what is held on one address, and until when. Exits with 3 where nothing is.")
    {
        _subject = new SubjectOptions(this, terminal);
        _call = new ServerCall(this, terminal);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        await _subject.ReadAsync(parsed, cancellationToken) is { } subject
            ? await _call.RunAsync(
                parsed, subject.Inspect, SubjectText.Tables, static response => response.Epochs.Count == 0 ? ExitCodes.NotFound : ExitCodes.Ok, cancellationToken)
            : ExitCodes.Usage;
}
