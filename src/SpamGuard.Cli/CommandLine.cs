using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using SpamGuard.Cli.Audit;
using SpamGuard.Cli.Completions;
using SpamGuard.Cli.Disclosures;
using SpamGuard.Cli.Doctor;
using SpamGuard.Cli.Ledger;
using SpamGuard.Cli.Load;
using SpamGuard.Cli.Overrides;
using SpamGuard.Cli.PolicyFiles;
using SpamGuard.Cli.Replay;
using SpamGuard.Cli.Scenarios;
using SpamGuard.Cli.Subjects;
using SpamGuard.Cli.Transparency;

namespace SpamGuard.Cli;

/// <summary>The verbs, and what they exit with.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command line. Returns one of <see cref="ExitCodes"/>.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        var code = await CaughtAsync(arguments, terminal, cancellationToken);
        terminal.End(code);
        return code;
    }

    /// <summary>The verbs.</summary>
    /// <param name="terminal">The streams.</param>
    public static RootCommand Root(Terminal terminal) => new(
        "Asks a SpamGuard server, finds out why it can't be asked, and puts load on it; without one, replays labelled events and a synthetic world, checks policy files, audits what the store keeps, and verifies the ledger.\n\nData goes to standard output, messages to standard error. Exit codes: "
        + string.Join(", ", ExitCodes.All.OrderBy(code => code.Key).Select(code => $"{code.Key} {code.Value}")) + ".")
    {
        new ScoreCommand(terminal),
        new PreviewCommand(terminal),
        new ExplainCommand(terminal),
        new ReportCommand(terminal),
        new DoctorCommand(terminal),
        new LoadCommand(terminal),
        new ReplayCommand(terminal),
        new ScenariosCommand(terminal),
        new PolicyCommand(terminal),
        new SubjectCommand(terminal),
        new DisclosureCommand(terminal),
        new TransparencyCommand(terminal),
        new AuditCommand(terminal),
        new EpochCommand(terminal),
        new LedgerCommand(terminal),
        new OverrideCommand(terminal),
        new CompletionCommand(terminal),
    };

    private static async Task<int> CaughtAsync(IReadOnlyList<string> arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        try
        {
            return await InvokeAsync(arguments, terminal, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            terminal.Say("Interrupted.");
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
        var isJson = result.Tokens.Any(static token => token.Value is JsonOption.Name);
        if (isJson)
        {
            terminal.SpeakJson();
        }

        if (result.Errors.Count > 0 && !IsSuggesting(result))
        {
            var errors = Messages(result).Append($"See: {Path(result.CommandResult)} --help");
            foreach (var error in isJson ? [string.Join(' ', errors)] : errors)
            {
                terminal.Say(error);
            }

            return ExitCodes.Usage;
        }

        return await result.InvokeAsync(
            new InvocationConfiguration { Output = terminal.Output, Error = terminal.Errors, EnableDefaultExceptionHandler = false }, cancellationToken);
    }

    // For a shell that completes what is no command line yet.
    private static bool IsSuggesting(ParseResult result) => ((RootCommand)result.RootCommandResult.Command).Directives.OfType<SuggestDirective>().Any(suggest => result.GetResult(suggest) is not null);

    private static IEnumerable<string> Messages(ParseResult result)
    {
        var messages = result.Errors.Select(static error => error.Message);
        return result.UnmatchedTokens.Count > 0 && TakesSecrets(result.CommandResult)
            ? messages.Where(message => !result.UnmatchedTokens.Any(token => message.Contains(token, StringComparison.Ordinal)))
                .Append("There is an argument too many, which is not repeated here. Addresses, references and keys come by files, or standard input.")
            : messages;
    }

    private static bool TakesSecrets(CommandResult result) => result.Command is ITakesSecrets || (result.Parent is CommandResult parent && TakesSecrets(parent));

    private static string Path(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{Path(parent)} {result.Command.Name}" : "spamguard";
}
