extern alias cli;

using System.Text.Json;
using cli::SpamGuard.Cli;
using SpamGuard.IntegrationTests.Desk.Disclosures;
using static SpamGuard.IntegrationTests.Cli.CommandRun;

namespace SpamGuard.IntegrationTests.Cli;

/// <summary><c>spamguard disclosure</c> against the real server, by people with certificates.</summary>
public sealed class DisclosureCommandTests(DisclosureFixture server) : IClassFixture<DisclosureFixture>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-order-");

    private string[] Facts =>
    [
        "--reference-file", Write("reference", "7 Gs 91/26\n"), "--authority-file", Write("authority", "Amtsgericht Musterstadt\n"), "--authority-type", "court",
        "--legal-process", "court-order", "--country", "DE", "--valid-until", "7d",
    ];

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task WholeWay_ByFiles_PrintsWhatIsHeldOnceAndNamesNoAddress()
    {
        await server.ScoreAsync("92.1.0.2");
        var addresses = Write("addresses", "92.1.0.1\n\n 92.1.0.2 \n");
        var key = Path.Combine(_folder.FullName, "order.key");
        string[] order = ["--order-key-file", key, "--addresses-file", addresses];

        var opened = await RunAsync(DisclosureFixture.Anna, ["open", .. Facts, "--category", "child-exploitation", "--addresses-file", addresses, "--order-key-out", key]);
        var id = Field(opened.Output, "disclosure_id");
        var own = await RunAsync(DisclosureFixture.Anna, ["decide", id, "--approve", "--reference-file", Write("reference", "7 Gs 91/26\n"), .. order]);
        var decided = await RunAsync(DisclosureFixture.Bert, ["decide", id, "--approve", "--reference-file", Write("reference", "7 Gs 91/26\n"), .. order]);
        var tried = await RunAsync(DisclosureFixture.Bert, ["execute", id, .. order]);
        var executed = await RunAsync(DisclosureFixture.Bert, ["execute", id, .. order, "--yes"]);
        var again = await RunAsync(DisclosureFixture.Bert, ["execute", id, .. order, "--yes"]);
        var shown = await RunAsync(DisclosureFixture.Carl, ["show", id]);
        var listed = await RunAsync(DisclosureFixture.Carl, ["list", "--state", "executed"]);

        Assert.Equal(
            (ExitCodes.Ok, ExitCodes.Failure, ExitCodes.Ok, ExitCodes.Usage, ExitCodes.Ok, ExitCodes.Failure, ExitCodes.Ok, ExitCodes.Ok),
            (opened.Code, own.Code, decided.Code, tried.Code, executed.Code, again.Code, shown.Code, listed.Code));
        Assert.Equal(43, (await File.ReadAllTextAsync(key)).Trim().Length);
        Assert.DoesNotContain("order_key", opened.Output, StringComparison.Ordinal);
        Assert.StartsWith("PERMISSION_DENIED: SAME_PERSON: Who opened an order may not approve it", own.Errors, StringComparison.Ordinal);
        Assert.Equal("APPROVED", Field(decided.Output, "state"));
        Assert.Contains("result\t0\t32\t0", Lines(executed.Output));
        Assert.Contains("result\t1\t32\t1", Lines(executed.Output));
        Assert.Equal(["epoch", "1"], Lines(executed.Output).Single(line => line.StartsWith("epoch\t", StringComparison.Ordinal)).Split('\t')[..2]);
        Assert.StartsWith("FAILED_PRECONDITION: DISCLOSURE_STATE: The disclosure is executed", again.Errors, StringComparison.Ordinal);
        Assert.Equal(("EXECUTED", "PARTLY", "1"), (Field(shown.Output, "state"), Field(shown.Output, "held"), Field(shown.Output, "disclosed")));
        Assert.Contains(Lines(listed.Output), line => line.StartsWith($"{id}\tEXECUTED\t", StringComparison.Ordinal));
        foreach (var (_, output, errors) in new[] { opened, own, decided, tried, executed, again, shown, listed })
        {
            Assert.DoesNotContain("92.1.0", output + errors, StringComparison.Ordinal);
            Assert.DoesNotContain("7 Gs 91/26", output + errors, StringComparison.Ordinal);
        }

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        }
    }

    [Fact]
    public async Task Open_AddressesOnStandardInput_PrintsTheKeyAsJson()
    {
        var (code, output, _) = await RunAsync(DisclosureFixture.Anna, ["open", .. Facts, "--category", "terrorism", "--json"], "92.2.0.1\n");

        Assert.Equal(ExitCodes.Ok, code);
        using var opened = JsonDocument.Parse(output);
        Assert.Equal(43, opened.RootElement.GetProperty("order_key").GetString()!.Length);
        Assert.Equal("DISCLOSURE_STATE_PENDING", opened.RootElement.GetProperty("disclosure").GetProperty("state").GetString());
    }

    [Fact]
    public async Task Open_RefusedByTheServer_LeavesNoKeyFile()
    {
        var key = Path.Combine(_folder.FullName, "refused.key");

        var (code, output, errors) = await RunAsync(DisclosureFixture.Anna, ["open", .. Facts, "--category", "other", "--order-key-out", key], "92.3.0.1\n");

        Assert.Equal((ExitCodes.Failure, ""), (code, output));
        Assert.StartsWith("PERMISSION_DENIED: category: The categories are", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(key));
    }

    [Fact]
    public async Task Decide_Reject_TakesNoFiles()
    {
        var opened = await RunAsync(DisclosureFixture.Anna, ["open", .. Facts, "--category", "terrorism"], "92.4.0.1\n");

        var (code, output, _) = await RunAsync(DisclosureFixture.Anna, ["decide", Field(opened.Output, "disclosure_id"), "--reject"]);

        Assert.Equal((ExitCodes.Ok, "REJECTED", ""), (code, Field(output, "state"), Field(output, "decide_reason")));
    }

    [Fact]
    public async Task Show_OfNone_ExitsWithNotFound()
    {
        var (code, output, errors) = await RunAsync(DisclosureFixture.Carl, ["show", "0123456789abcdef"]);

        Assert.Equal((ExitCodes.NotFound, ""), (code, output));
        Assert.StartsWith("NOT_FOUND: DISCLOSURE_UNKNOWN", errors, StringComparison.Ordinal);
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(string identity, string[] arguments, string input = "")
    {
        var certificate = server.CertificateOf(identity);
        return CommandRun.OnAsync(
            server, ["disclosure", .. arguments, "--ca", server.Mounted.Authority.CaPath, "--cert", certificate.CertificatePath, "--key", certificate.KeyPath], input);
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }

    private static string Field(string output, string name) => Lines(output).Single(line => line.StartsWith(name + '\t', StringComparison.Ordinal)).Split('\t')[1];
}
