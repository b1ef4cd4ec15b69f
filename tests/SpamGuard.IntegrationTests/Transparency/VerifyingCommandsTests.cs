extern alias cli;

using System.Diagnostics;
using System.Text;
using cli::SpamGuard.Cli;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SpamGuard.Desk.Ledger;
using SpamGuard.Desk.Transparency;
using SpamGuard.Desk.Transparency.Rendering;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using Verbs = cli::SpamGuard.Cli.CommandLine;

namespace SpamGuard.IntegrationTests.Transparency;

/// <summary>The commands that the page prints to verify the ledger by: they say what is proved, and accuse nobody because a page did not come.</summary>
public sealed class VerifyingCommandsTests(SmallLedgerFixture server) : IClassFixture<SmallLedgerFixture>, IDisposable
{
    private const int PageSize = 100; // of the stand-in: the real one's is 10,000, and each digest is two processes of a shell

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("verifying-");

    private string Page => server.Url(Listener.Transparency) + "/transparency";

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Commands_OfThePage_ProveTheHead()
    {
        var (code, output, errors) = await RunAsync(Page, DigestPages.Size);

        Assert.True(LedgerHead.TryRead(await File.ReadAllBytesAsync(PathOf("head.json")), out var head, out var fault), fault);
        Assert.Equal((0, Proof(head.Seq), ""), (code, output, errors));
        var hashes = await File.ReadAllLinesAsync(PathOf("hashes.txt"));
        Assert.Equal((head.Seq, $"{head.Seq} {head.Hash}"), (hashes.Length, hashes[^1]));
        var verified = new StringWriter();
        Assert.Equal(ExitCodes.Ok, await Verbs.RunAsync(
            ["ledger", "verify", "--digests", PathOf("digests.txt"), "--head", PathOf("head.json")], new Terminal(TextWriter.Null, verified, static _ => null), CancellationToken.None));
        Assert.StartsWith($"Proved: The digests are those of the entries that the head of entry {head.Seq} covers", verified.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_OfAPageThatIsGone_SaySo()
    {
        var (code, output, errors) = await RunAsync($"http://127.0.0.1:{FreePorts.TakeOne()}/transparency", DigestPages.Size);

        Assert.Equal((1, ""), (code, output));
        Assert.EndsWith("Nothing is proved: the head could not be fetched\n", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Fault.None, null)]
    [InlineData(Fault.NoSecondPage, "Nothing is proved: page 2 of the digests could not be fetched")]
    [InlineData(Fault.NoLastPage, "Nothing is proved: page 3 of the digests could not be fetched")]
    [InlineData(Fault.LineMissing, "Nothing is proved: line 101 of digests.txt is not that of entry 101")]
    [InlineData(Fault.LastLineMissing, "Nothing is proved: digests.txt ends with entry {1}, and the head is of entry {0}")]
    [InlineData(Fault.OtherPage, "Nothing is proved: line 101 of digests.txt is not that of entry 101")]
    [InlineData(Fault.OtherHead, "Nothing is proved: head.json is no head")]
    [InlineData(Fault.OtherDigest, "Disproved: the digests of entries 1 to {0} do not lead to the head")]
    public async Task Commands_OverSeveralPages_SayWhatIsProvedAndWhatIsWrong(Fault fault, string? expected)
    {
        var head = await server.GetAsync(Listener.Transparency, "/transparency/head.json");
        var digests = (await server.GetAsync(Listener.Transparency, "/transparency/digests")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await using var site = await ServeAsync(fault, head, digests);

        var (code, output, errors) = await RunAsync(site.Urls.Single(), PageSize);

        Assert.True(LedgerHead.TryRead(Encoding.UTF8.GetBytes(head), out var read, out _));
        if (expected is null)
        {
            Assert.Equal((0, Proof(read.Seq), ""), (code, output, errors));
            return;
        }

        Assert.Equal((1, ""), (code, output));
        Assert.EndsWith(string.Format(null, expected, read.Seq, read.Seq - 1) + "\n", errors, StringComparison.Ordinal);
    }

    private static string Proof(long seq) => $"Proved: the digests of entries 1 to {seq} lead to the head\n";

    private static async Task<WebApplication> ServeAsync(Fault fault, string head, string[] digests)
    {
        string[][] pages = [.. digests.Chunk(PageSize)];
        switch (fault)
        {
            case Fault.LineMissing:
                pages[1] = pages[1][1..];
                break;
            case Fault.LastLineMissing:
                pages[^1] = pages[^1][..^1];
                break;
            case Fault.OtherPage:
                pages[1] = ["<html>Log in first</html>"];
                break;
            case Fault.OtherDigest:
                pages[1][7] = pages[1][7][..^1] + (pages[1][7][^1] == '0' ? '1' : '0');
                break;
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var site = builder.Build();
        site.MapGet("/head.json", () => fault == Fault.OtherHead ? "<html>Log in first</html>" : head);
        site.MapGet("/digests", (int page) => (fault, page) is (Fault.NoSecondPage, 2) or (Fault.NoLastPage, 3)
            ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable)
            : Results.Text(string.Concat(pages[page - 1].Select(static line => line + "\n"))));
        await site.StartAsync();
        return site;
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(string page, int size)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", LedgerSection.Recipe(size)])
        {
            WorkingDirectory = _folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, Environment = { ["page"] = page },
        })!;
        var errors = shell.StandardError.ReadToEndAsync();
        var output = await shell.StandardOutput.ReadToEndAsync().DefaultTimeout();
        await shell.WaitForExitAsync().DefaultTimeout();
        return (shell.ExitCode, output, await errors);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>What is wrong with the page.</summary>
    public enum Fault
    {
        None,
        NoSecondPage,
        NoLastPage,
        LineMissing,
        LastLineMissing,
        OtherPage,
        OtherHead,
        OtherDigest,
    }
}
