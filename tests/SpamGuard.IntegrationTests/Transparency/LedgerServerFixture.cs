using SpamGuard.Testing;
using SpamGuard.Testing.Transparency;

namespace SpamGuard.IntegrationTests.Transparency;

/// <summary>A desk whose ledger holds so many random entries of the last year, some of them acts that a crash left without an outcome.</summary>
public class LedgerServerFixture(int entries) : ServerFixture
{
    private const int Seed = 20261126;

    internal LedgerOnDisk Ledger { get; } = new(
        RandomLedger.Of(Seed, entries, TimeProvider.System.GetUtcNow().AddDays(-335), TimeProvider.System.GetUtcNow().AddHours(-1)));

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Ledger.Dispose();
    }

    protected override Task<IReadOnlyDictionary<string, string?>> SettingsAsync() => Task.FromResult(Ledger.Settings);
}
