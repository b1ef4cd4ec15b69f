using System.Diagnostics;
using System.Reflection;

namespace SpamGuard.Testing;

/// <summary>The program <c>spamguard</c> as a process of its own, from what lies beside these tests.</summary>
internal static class CommandLineProgram
{
    /// <summary>How it is started; its output and errors are read, its input is the caller's to redirect.</summary>
    /// <param name="arguments">The verb and its arguments.</param>
    public static ProcessStartInfo Of(params IReadOnlyList<string> arguments)
    {
        // Its libraries lie beside this program's, some of them in the framework that only this one asks for.
        var host = Path.Combine(AppContext.BaseDirectory, Assembly.GetExecutingAssembly().GetName().Name!);
        string[] command = ["exec", "--runtimeconfig", $"{host}.runtimeconfig.json", "--depsfile", $"{host}.deps.json", Path.Combine(AppContext.BaseDirectory, "SpamGuard.Cli.dll")];
        return new ProcessStartInfo("dotnet", [.. command, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }
}
