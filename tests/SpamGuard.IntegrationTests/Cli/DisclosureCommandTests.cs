extern alias cli;

using System.Text.Json;
using cli::SpamGuard.Cli;
using cli::SpamGuard.Cli.Disclosures;
using SpamGuard.Desk.Ledger;
using SpamGuard.IntegrationTests.Desk.Disclosures;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using static SpamGuard.IntegrationTests.Cli.CliRun;
using Verbs = cli::SpamGuard.Cli.CommandLine;

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
    public async Task Open_WhereTheKeyFileFailsAfterwards_PrintsTheKeyThatApprovesTheOrder()
    {
        var (path, addresses, printed) = (Path.Combine(_folder.FullName, "failing.key"), Write("addresses", "92.5.0.1\n"), Path.Combine(_folder.FullName, "printed.key"));
        var (output, errors) = (new StringWriter(), new StringWriter());
        var command = new DisclosureOpenCommand(new Terminal(output, errors, Variable), static _ => new OrderKeyFile(new StreamWithRoom(writes: 1)));
        string[] arguments = [.. Facts, "--category", "terrorism", "--addresses-file", addresses, "--order-key-out", path, .. Tls(DisclosureFixture.Anna)];

        var code = await command.Parse(arguments).InvokeAsync().DefaultTimeout();

        Assert.Equal(ExitCodes.Failure, code);
        Assert.EndsWith(
            "--order-key-out: the file could not be written, so the order key is printed. Where it got lost, reject the order and open it anew.", errors.ToString().TrimEnd(), StringComparison.Ordinal);
        Assert.False(File.Exists(path));
        await File.WriteAllTextAsync(printed, Field(output.ToString(), "order_key"));
        string[] order = ["--order-key-file", printed, "--reference-file", Write("reference", "7 Gs 91/26\n"), "--addresses-file", addresses];
        var (approved, _, _) = await RunAsync(DisclosureFixture.Bert, ["decide", Field(output.ToString(), "disclosure_id"), "--approve", .. order]);
        Assert.Equal(ExitCodes.Ok, approved);
    }

    [Fact]
    public async Task Open_WhoseAnswerIsLost_SaysThatTheKeyIsAndWhatToDo()
    {
        var key = Path.Combine(_folder.FullName, "lost.key");
        var opened = (Code: 0, Output: "", Errors: "");

        await server.GiveUpAsync(LedgerAct.DisclosureOpen, async _ =>
            opened = await RunAsync(DisclosureFixture.Anna, ["open", .. Facts, "--category", "terrorism", "--order-key-out", key, "--timeout", "1s"], "92.6.0.1\n"));

        Assert.Equal((ExitCodes.Unavailable, "", false), (opened.Code, opened.Output, File.Exists(key)));
        Assert.StartsWith(
            "The order may have been entered, and its key is lost then. Look with spamguard disclosure list, after LEDGER_UNWRITABLE once the desk writes again: if it is there reject it, and open it anew.", opened.Errors, StringComparison.Ordinal);
        var id = (await RunAsync(DisclosureFixture.Anna, ["list"])).Output.Split(Environment.NewLine)[1].Split('\t')[0];
        var rejected = await RunAsync(DisclosureFixture.Carl, ["decide", id, "--reject"]);
        Assert.Equal((ExitCodes.Ok, "REJECTED"), (rejected.Code, Field(rejected.Output, "state")));
    }

    [Fact]
    public async Task Open_WithoutAServer_SaysNothingOfALostKey()
    {
        var terminal = new Terminal(new StringWriter(), new StringWriter(), static _ => $"http://127.0.0.1:{FreePorts.TakeOne()}");
        string[] arguments = ["disclosure", "open", .. Facts, "--category", "terrorism", "--addresses-file", Write("addresses", "92.7.0.1\n")];

        Assert.Equal(ExitCodes.Unavailable, await Verbs.RunAsync(arguments, terminal, CancellationToken.None).DefaultTimeout());
        Assert.DoesNotContain("key is lost", terminal.Errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decide_Reject_TakesNoFiles()
    {
        var opened = await RunAsync(DisclosureFixture.Anna, ["open", .. Facts, "--category", "terrorism"], "92.4.0.1\n");

        var (code, output, _) = await RunAsync(DisclosureFixture.Anna, ["decide", Field(opened.Output, "disclosure_id"), "--reject"]);

        Assert.Equal((ExitCodes.Ok, "WITHDRAWN", ""), (code, Field(output, "state"), Field(output, "decide_reason")));
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
        return CliRun.OnAsync(server, ["disclosure", .. arguments, .. Tls(identity)], input);
    }

    private string? Variable(string name) => name == "SPAMGUARD_SERVER" ? server.Url(Listener.Grpc) : null;

    private string[] Tls(string identity) =>
        ["--ca", server.Mounted.Authority.CaPath, "--cert", server.CertificateOf(identity).CertificatePath, "--key", server.CertificateOf(identity).KeyPath];

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }

    private static string Field(string output, string name) => Lines(output).Single(line => line.StartsWith(name + '\t', StringComparison.Ordinal)).Split('\t')[1];
}
