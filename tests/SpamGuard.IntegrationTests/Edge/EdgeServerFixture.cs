using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Edge;

/// <summary>A laptop's server that believes loopback and some networks as proxies, and has test addresses: their verdicts are known, and nothing is counted.</summary>
public sealed class EdgeServerFixture : ServerFixture
{
    /// <summary>Documentation addresses with a fixed verdict.</summary>
    public const string Allowed = "192.0.2.1", Challenged = "192.0.2.2", Throttled = "192.0.2.3", Denied = "192.0.2.4", DeniedV6 = "2001:db8::4";

    /// <summary>Whom the server believes.</summary>
    public const string TrustedProxies = "127.0.0.1, 10.0.0.0/8,fd00::/8";

    /// <summary>The header that Envoy is said to set.</summary>
    public const string AddressHeader = "X-Envoy-External-Address";

    private PolicyFileOnDisk Policy { get; } = new("test_addresses: true\n");

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Policy.Dispose();
    }

    protected override Task<IReadOnlyDictionary<string, string?>> SettingsAsync() => Task.FromResult<IReadOnlyDictionary<string, string?>>(
        new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Policy:Path"] = Policy.Path,
            ["Edge:Http:TrustedProxies"] = TrustedProxies,
            ["Edge:Envoy:AddressHeader"] = AddressHeader,
        });
}
