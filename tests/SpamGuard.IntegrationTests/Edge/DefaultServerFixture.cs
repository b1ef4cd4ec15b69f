using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Edge;

/// <summary>A laptop's server as it is where nothing is said.</summary>
public sealed class DefaultServerFixture : ServerFixture;
