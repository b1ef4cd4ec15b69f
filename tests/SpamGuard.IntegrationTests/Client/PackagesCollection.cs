namespace SpamGuard.IntegrationTests.Client;

/// <summary>Tests that pack and build projects of their own: two at once would keep a small machine from all else.</summary>
[CollectionDefinition(nameof(PackagesCollection))]
public sealed class PackagesCollection;
