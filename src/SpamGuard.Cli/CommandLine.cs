using System.CommandLine;
using System.CommandLine.Parsing;
using SpamGuard.Cli.Audit;
using SpamGuard.Cli.Disclosures;
using SpamGuard.Cli.Ledger;
using SpamGuard.Cli.Overrides;
using SpamGuard.Cli.PolicyFiles;
using SpamGuard.Cli.Replay;
using SpamGuard.Cli.Scenarios;
using SpamGuard.Cli.Subjects;

namespace SpamGuard.Cli;

/// <summary>The verbs, and what they exit with.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command line. Returns one of <see cref="ExitCodes"/>.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        try
        {
            return await InvokeAsync(arguments, terminal, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            terminal.Say(e.Message);
            return ExitCodes.NotFound;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            terminal.Say(e.Message);
            return ExitCodes.Failure;
        }
        catch (Exception e)
        {
            // The text may quote an address; type and place say enough to whoever mends it.
            terminal.Say($"A fault of this program's own: {e.GetType().Name} {e.StackTrace?.Split('\n')[0].Trim()}");
            return ExitCodes.Failure;
        }
    }

    private static async Task<int> InvokeAsync(IReadOnlyList<string> arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        var result = Root(terminal).Parse(arguments);
        if (result.Errors.Count > 0)
        {
            foreach (var error in result.Errors)
            {
                terminal.Say(error.Message);
            }

            terminal.Say($"See: {Path(result.CommandResult)} --help");
            return ExitCodes.Usage;
        }

        return await result.InvokeAsync(
            new InvocationConfiguration { Output = terminal.Output, Error = terminal.Errors, EnableDefaultExceptionHandler = false }, cancellationToken);
    }

    private static RootCommand Root(Terminal terminal) => new(
        "Asks a SpamGuard server; without one, replays labelled events and a synthetic world, checks policy files, audits what the store keeps, and verifies the ledger.\n\nData goes to standard output, messages to standard error. Exit codes: "
        + string.Join(", ", ExitCodes.All.OrderBy(code => code.Key).Select(code => $"{code.Key} {code.Value}")) + ".")
    {
        new ScoreCommand(terminal),
        new PreviewCommand(terminal),
        new ExplainCommand(terminal),
        new ReportCommand(terminal),
        new ReplayCommand(terminal),
        new ScenariosCommand(terminal),
        new PolicyCommand(terminal),
        new SubjectCommand(terminal),
        new DisclosureCommand(terminal),
        new AuditCommand(terminal),
        new EpochCommand(terminal),
        new LedgerCommand(terminal),
        new OverrideCommand(terminal),
    };

    private static string Path(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{Path(parent)} {result.Command.Name}" : "spamguard";
}
