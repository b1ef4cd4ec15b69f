using System.Net;
using System.Text.Json;
using SpamGuard.Desk.Ledger;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Transparency;

/// <summary>What is published once somebody has changed the ledger under the desk.</summary>
public sealed class UnsoundLedgerTests : IAsyncLifetime
{
    private readonly SmallLedgerFixture _server = new();

    private DeskLedger Ledger => (DeskLedger)_server.Services.GetService(typeof(DeskLedger))!;

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Report_OfALedgerThatIsFoundChanged_SaysSoInEveryForm()
    {
        Assert.Equal((false, true, true, true), await SaidAsync());
        using (var file = Open())
        {
            file.SetLength(file.Length - 1);
        }

        Assert.False(await Ledger.LookAsync()); // as it does twice a minute

        Assert.Equal((true, false, false, false), await SaidAsync());
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("overwritten")]
    [InlineData("gone")]
    public async Task Digests_OfALedgerThatIsChanged_AreNotThereNow(string how)
    {
        switch (how)
        {
            case "cut":
                using (var file = Open())
                {
                    file.SetLength(file.Length / 2);
                }

                break;
            case "overwritten":
                using (var file = Open())
                {
                    file.Write("no entry"u8);
                }

                break;
            default:
                File.Delete(_server.Ledger.FilePath);
                break;
        }

        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri(_server.Url(Listener.Transparency) + "/transparency/digests")).DefaultTimeout();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "no-store"), (response.StatusCode, response.Headers.CacheControl?.ToString()));
        Assert.Equal("The ledger can't be read now.", JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString());
    }

    private FileStream Open() => new(_server.Ledger.FilePath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);

    private async Task<(bool PageWarns, bool Json, bool Csv, bool Answer)> SaidAsync()
    {
        var page = await _server.GetAsync(Listener.Transparency, "/transparency");
        var json = JsonDocument.Parse(await _server.GetAsync(Listener.Transparency, "/transparency.json")).RootElement;
        var csv = (await _server.GetAsync(Listener.Transparency, "/transparency.csv")).Split("\r\n");
        var answer = await new TransparencyService.TransparencyServiceClient(_server.Channel).GetReportAsync(new GetReportRequest()).ResponseAsync.DefaultTimeout();
        Assert.EndsWith(",ledger_sound", csv[0], StringComparison.Ordinal);
        return (
            page.Contains("role=\"alert\"", StringComparison.Ordinal),
            json.GetProperty("ledger").GetProperty("sound").GetBoolean(),
            Assert.Single(csv[1..^1].Select(static line => line.Split(',')[^1]).Distinct()) == "true", // the same in every line
            answer.LedgerSound);
    }
}
