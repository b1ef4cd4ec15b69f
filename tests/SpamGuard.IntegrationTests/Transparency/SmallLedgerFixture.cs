namespace SpamGuard.IntegrationTests.Transparency;

/// <summary>A desk with a page that is as long as most will be.</summary>
public sealed class SmallLedgerFixture() : LedgerServerFixture(240);
