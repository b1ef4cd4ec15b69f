namespace SpamGuard.IntegrationTests.Transparency;

/// <summary>A desk with 10,000 entries.</summary>
public sealed class LargeLedgerFixture() : LedgerServerFixture(10_000);
