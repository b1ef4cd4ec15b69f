extern alias cli;

using System.Text.Json;
using cli::SpamGuard.Cli;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Testing;
using SpamGuard.V1;
using static SpamGuard.IntegrationTests.Cli.CliRun;

namespace SpamGuard.IntegrationTests.Cli;

/// <summary><c>spamguard override</c> against the real server.</summary>
public sealed class OverrideCommandTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private static readonly string[] Set = ["override", "set", "--verdict", "deny", "--reason", "abuse desk, case 17", "--yes"];

    [Fact]
    public async Task SetListAndClear_ByAddressOnStandardInput_PrintWhatStandsAndNameNoAddress()
    {
        var (set, said, setErrors) = await RunAsync([.. Set, "--address-file", "-", "--ttl", "2h"], "92.1.0.1\n");
        var id = Lines(said).Single(line => line.StartsWith("id\t", StringComparison.Ordinal)).Split('\t')[1];
        var (listed, list, _) = await RunAsync(["override", "list"]);
        var (cleared, gone, _) = await RunAsync(["override", "clear", id, "--yes"]);
        var (again, _, errors) = await RunAsync(["override", "clear", id, "--yes"]);

        Assert.Equal((ExitCodes.Ok, ExitCodes.Ok, ExitCodes.Ok, ExitCodes.NotFound), (set, listed, cleared, again));
        Assert.Equal("", setErrors);
        Assert.Contains("verdict\tDENY", Lines(said));
        Assert.Contains("level\tADDRESS", Lines(said));
        Assert.Contains(Lines(list), line => line.StartsWith($"{id}\tIN_FORCE\tDENY\tADDRESS\tADDRESS\t", StringComparison.Ordinal) && line.EndsWith("\tabuse desk, case 17", StringComparison.Ordinal));
        Assert.Contains($"cleared\t{id}", Lines(gone));
        Assert.StartsWith("NOT_FOUND: id: Send the id of an override that List answers.", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("92.1.0.1", said + list + gone, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Set_ByTheTokenOfSomebodyWhoAppeals_PrintsJson()
    {
        var token = (await server.Scoring.ScoreAsync(new ScoreRequest { Event = Events.SignUp("92.2.0.1") }).ResponseAsync.DefaultTimeout()).Assessment.DecisionToken;

        var (code, output, errors) = await RunAsync([.. Set, "--decision-token-file", "-", "--until", "2105-01-01T00:00:00Z"], token);
        var (later, json, _) = await RunAsync([.. Set, "--decision-token-file", "-", "--ttl", "1h", "--json"], token);

        Assert.Equal((ExitCodes.Usage, ""), (code, output));
        Assert.StartsWith("INVALID_ARGUMENT: expire_time: Send an expire_time of 20", errors, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, later);
        using var set = JsonDocument.Parse(json);
        Assert.Equal(("VERDICT_DENY", 32), (set.RootElement.GetProperty("verdict").GetString(), set.RootElement.GetProperty("significant_bits").GetInt32()));
    }

    [Theory]
    [InlineData("--network-file", "92.3.0.7/24", "INVALID_ARGUMENT: network: Send the first address of the network")]
    [InlineData("--address-file", "92.3.0", "INVALID_ARGUMENT: address: Write IPv4 as four decimal numbers")]
    [InlineData("--decision-token-file", "92.3.0.7", "INVALID_ARGUMENT: decision_token: Send the token exactly as it was answered")]
    public async Task Set_RefusedByTheServer_SaysFieldAndFixAndNoAddress(string option, string target, string expected)
    {
        var (code, output, errors) = await RunAsync([.. Set, option, "-", "--ttl", "2h"], target);

        Assert.Equal((ExitCodes.Usage, ""), (code, output));
        Assert.StartsWith(expected, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("92.3.0", errors, StringComparison.Ordinal);
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(string[] arguments, string input = "") => CliRun.OnAsync(server, arguments, input);
}
