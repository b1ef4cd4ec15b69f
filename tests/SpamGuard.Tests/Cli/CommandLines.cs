using SpamGuard.Cli;

namespace SpamGuard.Tests.Cli;

/// <summary>Runs command lines in this process.</summary>
internal static class CommandLines
{
    /// <summary>What it exits with, and what it wrote.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null, CancellationToken cancellationToken = default)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var terminal = new Terminal(output, errors, name => environment?.GetValueOrDefault(name));
        var code = await CommandLine.RunAsync(arguments, terminal, cancellationToken);
        return (code, output.ToString(), errors.ToString());
    }

    public static Task<(int Code, string Output, string Errors)> RunAsync(string arguments) =>
        RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
