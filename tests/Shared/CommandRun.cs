using System.Diagnostics;

namespace SpamGuard.Testing;

/// <summary>A command of this machine that ran to its end.</summary>
/// <param name="ExitCode">0 for most that went well.</param>
/// <param name="Output">What it wrote on its standard output.</param>
/// <param name="Errors">What it wrote on its standard error.</param>
internal sealed record CommandRun(int ExitCode, string Output, string Errors)
{
    /// <summary>Runs one; it is killed where it takes longer than <paramref name="limit"/>.</summary>
    /// <param name="command">Program and arguments.</param>
    /// <param name="folder">Where it works; the folder of the repository by default.</param>
    /// <param name="variables">Variables over those of this process.</param>
    /// <param name="limit">As long as any await by default.</param>
    public static async Task<CommandRun> OfAsync(
        IReadOnlyList<string> command, string? folder = null, IEnumerable<KeyValuePair<string, string?>>? variables = null, TimeSpan? limit = null)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder ?? RepositoryRoot.Folder,
        };
        foreach (var (name, value) in variables ?? [])
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start.");
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync().TimeoutAfter(limit ?? Deadline.Default);
            return new CommandRun(process.ExitCode, await output.DefaultTimeout(), await errors.DefaultTimeout());
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>The same, and its output where it went well; all that it wrote is the message where it did not.</summary>
    public static async Task<string> OutputOfAsync(
        IReadOnlyList<string> command, string? folder = null, IEnumerable<KeyValuePair<string, string?>>? variables = null, TimeSpan? limit = null)
    {
        var run = await OfAsync(command, folder, variables, limit);
        return run.ExitCode == 0
            ? run.Output
            : throw new InvalidOperationException($"{string.Join(' ', command)} ended with code {run.ExitCode}:\n{run.Output}\n{run.Errors}");
    }
}
