using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment;

/// <summary>Whoever publishes or runs the image: beside a build no other test would keep its store's budget.</summary>
[CollectionDefinition(nameof(ImageCollection), DisableParallelization = true)]
public sealed class ImageCollection : ICollectionFixture<RedisTlsFixture>;
