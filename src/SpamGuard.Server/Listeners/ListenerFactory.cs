using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace SpamGuard.Server.Listeners;

/// <summary>Names the key where an address or a port can't be had. What Kestrel and the socket say names neither.</summary>
internal sealed class ListenerFactory(IConnectionListenerFactory sockets, IOptions<ListenerOptions> options) : IConnectionListenerFactory
{
    /// <inheritdoc/>
    /// <exception cref="StartRefusedException">The endpoint can't be had.</exception>
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        try
        {
            return await sockets.BindAsync(endpoint, cancellationToken);
        }
        catch (AddressInUseException) when (endpoint is IPEndPoint)
        {
            throw new StartRefusedException(Fault((IPEndPoint)endpoint, SocketError.AddressAlreadyInUse));
        }
        catch (SocketException exception) when (endpoint is IPEndPoint)
        {
            throw new StartRefusedException(Fault((IPEndPoint)endpoint, exception.SocketErrorCode));
        }
    }

    private string Fault(IPEndPoint endpoint, SocketError error)
    {
        var listeners = options.Value;
        var listener = Enum.GetValues<Listener>().First(one =>
            listeners[one].Port == endpoint.Port && IPAddress.Parse(listeners.AddressOf(one)).Equals(endpoint.Address));
        var address = $"{listeners.AddressKeyOf(listener)}: found '{listeners.AddressOf(listener)}'";
        var port = $"Listeners:{listener}:Port: found {endpoint.Port}";
        return error switch
        {
            SocketError.AddressAlreadyInUse => $"{port}, which is in use on {listeners.AddressOf(listener)}; allowed are free ports, and 0 (any free port).",
            SocketError.AccessDenied => $"{port}, which this user may not take; allowed are ports from 1024 on, and 0 (any free port).",
            _ => $"{address}, which can't be listened on ({error}); allowed are the addresses of this machine, and 0.0.0.0 or :: for all of them.",
        };
    }
}
