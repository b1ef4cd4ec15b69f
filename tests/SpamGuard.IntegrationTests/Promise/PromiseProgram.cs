using System.Diagnostics;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Promise;

/// <summary>The program of <c>tests/promise</c>, as a stranger runs it.</summary>
internal static class PromiseProgram
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

    /// <summary>Runs it to its end.</summary>
    /// <param name="path">Where it finds programs; <c>null</c> where this process does.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(string? path, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [Path.Combine(AppContext.BaseDirectory, "SpamGuard.Promise.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = path ?? Environment.GetEnvironmentVariable("PATH");
        using var process = Process.Start(start)!;
        try
        {
            var error = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync().TimeoutAfter(Limit);
            await process.WaitForExitAsync().DefaultTimeout();
            return (process.ExitCode, output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
