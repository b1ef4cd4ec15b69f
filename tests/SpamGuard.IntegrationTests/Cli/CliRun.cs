extern alias cli;

using cli::SpamGuard.Cli;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using Verbs = cli::SpamGuard.Cli.CommandLine;

namespace SpamGuard.IntegrationTests.Cli;

/// <summary>Runs the command line against a server as a script does.</summary>
internal static class CliRun
{
    /// <summary>Its exit code and what it wrote.</summary>
    /// <param name="server">Whom <c>SPAMGUARD_SERVER</c> names.</param>
    /// <param name="arguments">What stands behind <c>spamguard</c>.</param>
    /// <param name="input">What comes on standard input.</param>
    public static async Task<(int Code, string Output, string Errors)> OnAsync(ServerFixture server, string[] arguments, string input = "")
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        using var standard = new StringReader(input);
        var terminal = new Terminal(output, errors, name => name == "SPAMGUARD_SERVER" ? server.Url(Listener.Grpc) : null, input: standard);
        var code = await Verbs.RunAsync(arguments, terminal, CancellationToken.None).DefaultTimeout();
        return (code, output.ToString(), errors.ToString());
    }

    /// <summary>The lines of what it wrote.</summary>
    public static string[] Lines(string text) => text.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
}
