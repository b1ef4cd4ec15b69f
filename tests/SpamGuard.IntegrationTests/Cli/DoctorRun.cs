extern alias cli;

using System.Text.Json;
using cli::SpamGuard.Cli;
using SpamGuard.Testing;
using Verbs = cli::SpamGuard.Cli.CommandLine;

namespace SpamGuard.IntegrationTests.Cli;

/// <summary>What <c>spamguard doctor --json</c> said.</summary>
internal sealed record DoctorRun(int Code, string Output, string Errors, IReadOnlyList<(string Name, string State, string Found, string Fix)> Checks)
{
    /// <summary>One check.</summary>
    public (string Name, string State, string Found, string Fix) this[string name] => Checks.Single(check => check.Name == name);

    /// <summary>Runs it in this process.</summary>
    public static async Task<DoctorRun> OfAsync(string server, params IReadOnlyList<string> options)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var code = await Verbs.RunAsync(["doctor", "--json", "--server", server, .. options], new Terminal(output, errors, static _ => null), CancellationToken.None).DefaultTimeout();
        return Of(code, output.ToString(), errors.ToString());
    }

    /// <summary>Runs it until the store answers a preview in time: on a busy machine one that is late is an outage, which is over when calls have been answered for a while.</summary>
    public static async Task<DoctorRun> SettledAsync(string server, params IReadOnlyList<string> options)
    {
        DoctorRun? run = null;
        await Poll.UntilAsync(async () => (run = await OfAsync(server, options))["store"].State is "ok").TimeoutAfter(TimeSpan.FromMinutes(1));
        return run!;
    }

    /// <summary>Reads what it wrote.</summary>
    public static DoctorRun Of(int code, string output, string errors)
    {
        using var json = JsonDocument.Parse(output);
        Assert.Equal(code, json.RootElement.GetProperty("exit_code").GetInt32());
        var checks = json.RootElement.GetProperty("checks").EnumerateArray().Select(static check => (Text(check, "name"), Text(check, "state"), Text(check, "found"), Text(check, "fix"))).ToList();
        Assert.All(checks, static check => Assert.True(check.Item4.Length > 0 || check.Item2 is "ok" or "unknown", $"{check.Item1} is {check.Item2} and says nothing of what to do"));
        return new DoctorRun(code, output, errors, checks);
    }

    private static string Text(JsonElement check, string name) => check.GetProperty(name).GetString()!;
}
