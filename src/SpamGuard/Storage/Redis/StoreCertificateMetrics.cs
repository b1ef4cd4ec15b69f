using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using Prometheus;

namespace SpamGuard.Storage.Redis;

/// <summary>When the certificates are over by which this process and the store know each other; no series names a server.</summary>
internal sealed class StoreCertificateMetrics
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (double Server, double Authority)> _seen = new(StringComparer.Ordinal);
    private readonly Gauge.Child _server;
    private readonly Gauge.Child _authority;

    /// <summary>Registers the instrument, all series at 0.</summary>
    public StoreCertificateMetrics(IMetricFactory metrics, CollectorRegistry registry, IOptions<SignalStoreOptions> options)
    {
        var expires = metrics.CreateGauge(
            "spamguard_store_certificate_expires_timestamp_seconds",
            "Unix time at which a certificate of the connections to the store is over: the client's as its file is now, the server's and its authorities' as the last handshake with each server saw them, the first of all; 0 where there is none.",
            ["certificate"]);
        _server = expires.WithLabels("server");
        _authority = expires.WithLabels("authority");
        var client = expires.WithLabels("client");

        // A connection lives for months, and its certificate is renewed beside it: so not when it connects, but when somebody looks.
        registry.AddBeforeCollectCallback(() =>
        {
            if (options.Value.Tls.IsSet && StoreTlsFiles.Read(options.Value.Tls, [])?.Client is { } now)
            {
                client.Set(Expires(now.TargetCertificate));
            }
        });
    }

    /// <summary>A server showed its certificate.</summary>
    /// <param name="host">Which: what it showed before counts no more.</param>
    /// <param name="chain">Its certificate and those of its authorities.</param>
    public void Seen(string host, X509Chain chain)
    {
        var expire = chain.ChainElements.Select(static element => Expires(element.Certificate)).ToList();
        lock (_gate)
        {
            _seen[host] = (expire[0], expire.Skip(1).DefaultIfEmpty(expire[0]).Min());
            _server.Set(_seen.Values.Min(static one => one.Server));
            _authority.Set(_seen.Values.Min(static one => one.Authority));
        }
    }

    private static double Expires(X509Certificate2 certificate) => new DateTimeOffset(certificate.NotAfter.ToUniversalTime()).ToUnixTimeSeconds();
}
