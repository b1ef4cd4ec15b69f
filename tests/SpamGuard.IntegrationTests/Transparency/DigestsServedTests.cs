extern alias cli;

using System.Diagnostics;
using System.Net;
using System.Text;
using cli::SpamGuard.Cli;
using SpamGuard.Desk.Ledger;
using SpamGuard.Desk.Transparency;
using SpamGuard.Desk.Transparency.Rendering;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using Verbs = cli::SpamGuard.Cli.CommandLine;

namespace SpamGuard.IntegrationTests.Transparency;

/// <summary>The digests of a ledger that is longer than a page of them.</summary>
public sealed class DigestsServedTests(LargeLedgerFixture server) : IClassFixture<LargeLedgerFixture>
{
    // A hash of each of 10,000 entries is two processes of a shell.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private DeskLedger Ledger => (DeskLedger)server.Services.GetService(typeof(DeskLedger))!;

    [Fact]
    public async Task Digests_SecondPageFirst_HaveTheirLinksAndLeadToTheHead()
    {
        using var second = await GetAsync("/digests?page=2");
        using var first = await GetAsync("/digests");
        using var third = await GetAsync("/digests?page=3");

        Assert.Equal("public, max-age=60", first.Headers.CacheControl?.ToString());
        Assert.Equal("no-cache", second.Headers.CacheControl?.ToString());
        Assert.Equal(["</transparency/digests?page=2>; rel=\"next\""], first.Headers.GetValues("Link"));
        Assert.False(second.Headers.Contains("Link"));
        Assert.Equal(HttpStatusCode.BadRequest, third.StatusCode);
        byte[] digests = [.. await first.Content.ReadAsByteArrayAsync(), .. await second.Content.ReadAsByteArrayAsync()];
        Assert.Null(LedgerDigests.Fault(new MemoryStream(digests), since: null, Ledger.Head));
    }

    [Fact]
    public async Task Digests_AnotherEntryAfterTheHeadWasFetched_StillReachIt()
    {
        using var before = await GetAsync("/head.json");
        using var page = await GetAsync("/digests?page=2");
        await Ledger.NoteAsync(LedgerAct.PolicyObserved, null, []);
        using var after = await GetAsync("/head.json", before.Headers.ETag!.ToString());
        using var grown = await GetAsync("/digests?page=2", page.Headers.ETag!.ToString());

        // Both must be asked for anew and both have changed: whoever has the head has digests that reach it.
        Assert.All([before, page, after, grown], static response => Assert.Equal((HttpStatusCode.OK, "no-cache"), (response.StatusCode, response.Headers.CacheControl?.ToString())));
        var digests = await server.GetAsync(Listener.Transparency, "/transparency/digests") + await grown.Content.ReadAsStringAsync();
        foreach (var response in (HttpResponseMessage[])[before, after])
        {
            Assert.True(LedgerHead.TryRead(await response.Content.ReadAsByteArrayAsync(), out var head, out var fault), fault);
            Assert.Null(LedgerDigests.Fault(new MemoryStream(Encoding.ASCII.GetBytes(digests)), since: null, head));
        }
    }

    [Fact]
    public async Task Digests_ByThePagesOwnCommands_GiveTheHashOfTheHead()
    {
        Assert.Equal(2, new DigestPages(Ledger).Count);
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", LedgerSection.Recipe])
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardOutput = true,
                UseShellExecute = false,
                Environment = { ["page"] = server.Url(Listener.Transparency) + "/transparency" },
            })!;
            var printed = await shell.StandardOutput.ReadToEndAsync().TimeoutAfter(Limit);

            var (digests, path) = (Path.Combine(folder.FullName, "digests.txt"), Path.Combine(folder.FullName, "head.json"));
            Assert.True(LedgerHead.TryRead(await File.ReadAllBytesAsync(path), out var head, out var fault), fault);
            Assert.EndsWith($"\n{head.Seq} {head.Hash}\n", printed, StringComparison.Ordinal);
            Assert.Equal(head.Seq, printed.Count(static c => c == '\n'));
            var errors = new StringWriter();
            Assert.Equal(ExitCodes.Ok, await Verbs.RunAsync(["ledger", "verify", "--digests", digests, "--head", path], new Terminal(TextWriter.Null, errors, static _ => null), CancellationToken.None));
            Assert.StartsWith($"Proved: The digests are those of the entries that the head of entry {head.Seq} covers", errors.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string? ifNoneMatch = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{server.Url(Listener.Transparency)}/transparency{path}");
        if (ifNoneMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        }

        return await client.SendAsync(request).DefaultTimeout();
    }
}
