using System.Net;
using StackExchange.Redis;

namespace SpamGuard.Storage.Redis;

/// <summary>Whether passwords and records would be in the open on their way to the store: neither encrypted by this process nor within this machine.</summary>
internal static class StoreWay
{
    /// <summary>Whether a connection is not encrypted and leads, or may lead, to another machine. Sentinels and clusters name servers wherever they are.</summary>
    public static bool IsInTheOpen(ConfigurationOptions configuration, SignalTopology topology) =>
        !configuration.Ssl && configuration.EndPoints.Any(endPoint => topology != SignalTopology.Standalone || !IsLoopback(endPoint));

    /// <summary>Why a connection may not be made, in one sentence; <c>null</c> where it may. A string that can't be read is for others to tell.</summary>
    /// <param name="key">Where the connection string stands.</param>
    /// <param name="options">The connection, and whether a sidecar encrypts it.</param>
    public static string? Fault(string key, SignalStoreOptions options)
    {
        if (options.Tls.IsSet || options.Tls.BySidecar)
        {
            return null;
        }

        try
        {
            return IsInTheOpen(ConfigurationOptions.Parse(options.ConnectionString), options.Topology)
                ? $"{key}: found no TLS to {(options.Topology == SignalTopology.Standalone ? "a server that is not on loopback" : "servers that may be on other machines")}; "
                    + $"allowed are ssl=true, {StoreTlsOptions.Section}:{nameof(StoreTlsOptions.CaPath)}, one server on loopback or a socket of this machine, and with {StoreTlsOptions.BySidecarKey} true any."
                : null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return null;
        }
    }

    private static bool IsLoopback(EndPoint endPoint) => endPoint switch
    {
        IPEndPoint ip => IPAddress.IsLoopback(ip.Address),
        DnsEndPoint dns => string.Equals(dns.Host, "localhost", StringComparison.OrdinalIgnoreCase),
        _ => true, // a socket of this machine
    };
}
