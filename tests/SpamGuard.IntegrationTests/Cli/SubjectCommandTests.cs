extern alias cli;

using System.Text.Json;
using cli::SpamGuard.Cli;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Testing;
using SpamGuard.V1;
using static SpamGuard.IntegrationTests.Cli.CliRun;

namespace SpamGuard.IntegrationTests.Cli;

/// <summary><c>spamguard subject</c> against the real server.</summary>
public sealed class SubjectCommandTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string Attested = "--attestation";
    private const string Card = "identity card seen";

    [Fact]
    public async Task InspectThenErase_ByFiles_ShowAndTakeAwayAndNameNoAddress()
    {
        var token = (await server.Scoring.ScoreAsync(new ScoreRequest { Event = Events.SignUp("91.1.0.1") }).ResponseAsync.DefaultTimeout()).Assessment.DecisionToken;
        using var files = new TemporaryFiles();
        string[] who = ["--address-file", files.Write("address", "91.1.0.1\n"), "--decision-token-file", files.Write("token", token + "\n")];

        var (inspected, held, _) = await RunAsync(["subject", "inspect", .. who]);
        var (tried, shown, _) = await RunAsync(["subject", "erase", .. who, "--dry-run"]);
        var (erased, receipt, errors) = await RunAsync(["subject", "erase", .. who, "--yes"]);
        var (gone, nothing, _) = await RunAsync(["subject", "inspect", .. who]);

        Assert.Equal((ExitCodes.Ok, ExitCodes.Ok, ExitCodes.Ok, ExitCodes.NotFound), (inspected, tried, erased, gone));
        Assert.Contains("held\ttrue", Lines(held));
        Assert.Equal("1", Lines(held).Single(line => line.StartsWith("epoch\t", StringComparison.Ordinal)).Split('\t')[5]);
        Assert.Equal(Lines(held).Where(line => line.StartsWith("epoch\t", StringComparison.Ordinal)), Lines(shown).Where(line => line.StartsWith("epoch\t", StringComparison.Ordinal)));
        Assert.Contains("records_deleted\t1", Lines(receipt));
        Assert.Contains(Lines(receipt), line => line.StartsWith("remains\tOPERATOR_DENIALS\t", StringComparison.Ordinal));
        Assert.Equal("", errors);
        Assert.Contains("held\tfalse", Lines(nothing));
        Assert.DoesNotContain("91.1.0.1", held + shown + receipt + nothing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Erase_AddressOnStandardInput_PrintsTheReceiptAsJson()
    {
        await server.Scoring.ScoreAsync(new ScoreRequest { Event = Events.SignUp("91.2.0.1") }).ResponseAsync.DefaultTimeout();

        var (code, output, errors) = await RunAsync(["subject", "erase", Attested, Card, "--yes", "--json"], "91.2.0.1\n");

        Assert.Equal((ExitCodes.Ok, ""), (code, errors));
        using var receipt = JsonDocument.Parse(output);
        Assert.Equal(1, receipt.RootElement.GetProperty("records_deleted").GetInt32());
    }

    [Theory]
    [InlineData("91.3.0.1", "seen at 91.3.0.1", "INVALID_ARGUMENT: attestation: Leave every IP address out of attestation")]
    [InlineData("0.0.0.0", Card, "INVALID_ARGUMENT: address: Send the address of the client")]
    [InlineData("91.3.0", Card, "INVALID_ARGUMENT: address: Write IPv4 as four decimal numbers")]
    public async Task Erase_RefusedByTheServer_SaysFieldAndFixAndNoAddress(string address, string attestation, string expected)
    {
        var (code, output, errors) = await RunAsync(["subject", "erase", Attested, attestation, "--yes"], address);

        Assert.Equal((ExitCodes.Usage, ""), (code, output));
        Assert.StartsWith(expected, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("91.3.0", errors, StringComparison.Ordinal);
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(string[] arguments, string input = "") => CliRun.OnAsync(server, arguments, input);

    private sealed class TemporaryFiles : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-subject-");

        public string Write(string name, string content)
        {
            var path = Path.Combine(_folder.FullName, name);
            File.WriteAllText(path, content);
            return path;
        }

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
