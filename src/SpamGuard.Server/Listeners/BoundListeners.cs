using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace SpamGuard.Server.Listeners;

/// <summary>Where the server really listens: a configured port of 0 is known only once it is bound.</summary>
internal sealed class BoundListeners(IOptions<ListenerOptions> options)
{
    private readonly Dictionary<Listener, ListenOptions> _bound = [];

    /// <summary>Remembers what Kestrel binds.</summary>
    public void Add(Listener listener, ListenOptions bound) => _bound[listener] = bound;

    /// <summary>The port; right from the start of the application on.</summary>
    public int Port(Listener listener) => _bound[listener].IPEndPoint?.Port ?? 0;

    /// <summary>Address and port as in a URL.</summary>
    public string Authority(Listener listener)
    {
        var address = options.Value.AddressOf(listener);
        return address.Contains(':') ? $"[{address}]:{Port(listener)}" : $"{address}:{Port(listener)}";
    }
}
