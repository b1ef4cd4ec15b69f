using System.CommandLine;
using SpamGuard.Cli.Replay;

namespace SpamGuard.Cli;

/// <summary>The verbs, and what they exit with.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command line. Returns one of <see cref="ExitCodes"/>.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        var result = Root(terminal).Parse(arguments);
        if (result.Errors.Count > 0)
        {
            foreach (var error in result.Errors)
            {
                terminal.Say(error.Message);
            }

            terminal.Say($"See: {Path(result.CommandResult.Command)} --help");
            return ExitCodes.Usage;
        }

        try
        {
            return await result.InvokeAsync(
                new InvocationConfiguration { Output = terminal.Output, Error = terminal.Errors, EnableDefaultExceptionHandler = false }, cancellationToken);
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
    }

    private static RootCommand Root(Terminal terminal) => new("Asks a SpamGuard server, and replays labelled events without one.")
    {
        ReplayCommand.Make(terminal),
    };

    private static string Path(Command command) =>
        command is RootCommand ? "spamguard" : $"spamguard {command.Name}";
}
