using Xunit.Abstractions;

[assembly: TestCollectionOrderer("SpamGuard.IntegrationTests.Fixtures.WaitingFirst", "SpamGuard.IntegrationTests")]

namespace SpamGuard.IntegrationTests.Fixtures;

/// <summary>Begins the tests that wait before all others: begun last, they would have nothing to wait beside.</summary>
public sealed class WaitingFirst : ITestCollectionOrderer
{
    private static readonly string[] Waiting = [nameof(WaitingCollection), nameof(OtherWaitingCollection)];

    /// <inheritdoc/>
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(static collection => Waiting.Contains(collection.DisplayName, StringComparer.Ordinal) ? 0 : 1);
}
