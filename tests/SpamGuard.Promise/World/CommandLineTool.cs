using System.Diagnostics;
using SpamGuard.Testing;

namespace SpamGuard.Promise.World;

/// <summary>The program <c>spamguard</c>, as an operator runs it.</summary>
internal static class CommandLineTool
{
    /// <summary>Calls a process of the service.</summary>
    /// <param name="service">Whom it calls.</param>
    /// <param name="callers">Has the certificates.</param>
    /// <param name="caller">As whom.</param>
    /// <param name="arguments">The verb and its arguments.</param>
    public static Task<(int ExitCode, string Output, string Error)> CallAsync(ServiceProcess service, Callers callers, string caller, params IReadOnlyList<string> arguments)
    {
        var certificate = callers.Certificate(caller);
        return RunAsync(
        [
            .. arguments, "--server", service.Url,
            "--ca", callers.Mounted.Authority.CaPath, "--cert", certificate.CertificatePath, "--key", certificate.KeyPath,
        ]);
    }

    /// <summary>Runs it to its end.</summary>
    /// <param name="arguments">The verb and its arguments.</param>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(CommandLineProgram.Of(arguments))!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var error = await process.StandardError.ReadToEndAsync().DefaultTimeout();
            await process.WaitForExitAsync().DefaultTimeout();
            return (process.ExitCode, await output.DefaultTimeout(), error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
