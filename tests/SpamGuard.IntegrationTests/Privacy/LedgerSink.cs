using Microsoft.Extensions.DependencyInjection;
using SpamGuard.Desk.Ledger;
using SpamGuard.Testing;
using SpamGuard.Testing.Privacy;

namespace SpamGuard.IntegrationTests.Privacy;

/// <summary>The desk's ledger, as it stands on the disk: what it holds it holds for good.</summary>
internal sealed class LedgerSink(ServerFixture server) : ISink
{
    public string Name => "the ledger";

    public bool HoldsBytes => false;

    public async Task<IReadOnlyList<string>> ReadAsync() => await File.ReadAllLinesAsync(server.Services.GetRequiredService<DeskLedger>().FilePath);
}
