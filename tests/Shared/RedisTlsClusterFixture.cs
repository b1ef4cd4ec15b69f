namespace SpamGuard.Testing;

/// <summary>The cluster over mutual TLS only, between its nodes too.</summary>
public sealed class RedisTlsClusterFixture : RedisClusterFixture
{
    public RedisTlsClusterFixture()
        : this(new TestAuthority())
    {
    }

    private RedisTlsClusterFixture(TestAuthority authority)
        : this(authority, authority.Client(["spamguard"], "client"))
    {
    }

    private RedisTlsClusterFixture(TestAuthority authority, TestCertificate client)
        : base(authority, client) => (Authority, Client) = (authority, client);

    /// <summary>Who signs the nodes' certificates and those of clients that they let in.</summary>
    public TestAuthority Authority { get; }

    /// <summary>A certificate that the nodes let in.</summary>
    public TestCertificate Client { get; }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Authority.Dispose();
    }
}
