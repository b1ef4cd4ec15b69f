using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using SpamGuard.Server.Callers;
using SpamGuard.Server.Callers.Peers;

namespace SpamGuard.Server.Listeners;

/// <summary>Binds the listeners, tags their connections and sets the limits of the server.</summary>
internal sealed class KestrelListeners(
    IOptions<ListenerOptions> options, CallerNeeds needs, IServiceProvider services, BoundListeners bound, TimeProvider time) : IConfigureOptions<KestrelServerOptions>
{
    /// <summary>The largest body: room above the largest gRPC message, so that gRPC's own limit answers first.</summary>
    public const long MaxRequestBodySize = 512 * 1024;

    private const int MaxStreamsPerConnection = 256;

    /// <inheritdoc/>
    public void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxRequestBodySize;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.Http2.MaxStreamsPerConnection = MaxStreamsPerConnection;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(60);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(30);
        if (Checked() is not { } listeners)
        {
            return;
        }

        kestrel.Limits.MaxConcurrentConnections = listeners.MaxConnections; // Kestrel counts them for each listener: callers can't keep probes out
        foreach (var listener in Enum.GetValues<Listener>())
        {
            if (listeners[listener].Port is { } port && needs.Opens(listener))
            {
                kestrel.Listen(IPAddress.Parse(listeners.AddressOf(listener)), port, listen => Bind(listener, listen));
            }
        }
    }

    // Kestrel is made before the start is checked. A fault is left to that check, which tells it together with all others.
    private ListenerOptions? Checked()
    {
        try
        {
            return options.Value;
        }
        catch (Exception exception) when (StartFaults.TryDescribe(exception, out _))
        {
            return null;
        }
    }

    private void Bind(Listener listener, ListenOptions listen)
    {
        // Without TLS there is nothing to negotiate a protocol by: HTTP/2 by prior knowledge and HTTP/1.1 can't share a port.
        listen.Protocols = listener is Listener.Grpc or Listener.Sidecar ? HttpProtocols.Http2 : HttpProtocols.Http1;
        listen.Use(next => Tag(listener, next));
        var isTls = listener is Listener.Grpc or Listener.Http && needs.HasCertificates;
        if (isTls)
        {
            listen.UseHttps(Handshake.Options(services.GetRequiredService<LiveCallers>));
        }

        bound.Add(listener, listen, isTls);
    }

    private ConnectionDelegate Tag(Listener listener, ConnectionDelegate next)
    {
        // What is served for a sidecar is what gRPC serves; only who calls is told otherwise.
        var tag = new ServedOn(listener is Listener.Sidecar ? Listener.Grpc : listener);
        if (listener is Listener.Metrics or Listener.Health or Listener.Transparency)
        {
            return connection =>
            {
                connection.Features.Set(tag);
                return next(connection);
            };
        }

        var maxAge = options.Value.MaxConnectionAge;
        return connection =>
        {
            connection.Features.Set(tag);
            connection.Features.Set(Peer(listener));
            ConnectionAge.Begin(connection, maxAge, time);
            return next(connection);
        };
    }

    private Peer Peer(Listener listener) =>
        listener is Listener.Sidecar ? new SidecarPeer(services.GetRequiredService<LiveCallers>())
        : needs.HasCertificates ? new CertificatePeer(services.GetRequiredService<LiveCallers>(), time)
        : DevelopmentPeer.Instance;
}
