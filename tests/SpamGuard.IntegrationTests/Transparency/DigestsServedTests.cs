using System.Net;
using System.Text;
using SpamGuard.Desk.Ledger;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Transparency;

/// <summary>The digests of a ledger that is longer than a page of them.</summary>
public sealed class DigestsServedTests(LargeLedgerFixture server) : IClassFixture<LargeLedgerFixture>
{
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
