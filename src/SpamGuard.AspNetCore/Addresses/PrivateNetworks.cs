using System.Net;

namespace SpamGuard.AspNetCore.Addresses;

/// <summary>Addresses that no client of the internet has: loopback, private, link-local and shared ones.</summary>
internal static class PrivateNetworks
{
    private static readonly IPNetwork[] Networks =
    [
        .. ((string[])["127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "::1/128", "fc00::/7", "fe80::/10"]).Select(static network => IPNetwork.Parse(network)),
    ];

    /// <param name="address">IPv4 not mapped to IPv6.</param>
    public static bool Contain(IPAddress address) => Array.Exists(Networks, network => network.Contains(address));
}
