namespace SpamGuard.IntegrationTests.Client;

/// <summary>Tests that pack the same projects: two at once would write the same files.</summary>
[CollectionDefinition(nameof(PackagesCollection))]
public sealed class PackagesCollection;
