using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace SpamGuard.Server.Listeners;

/// <summary>Where the server really listens: a configured port of 0 is known only once it is bound.</summary>
internal sealed class BoundListeners(IOptions<ListenerOptions> options)
{
    private readonly Dictionary<Listener, ListenOptions> _bound = [];
    private readonly HashSet<Listener> _tls = [];

    /// <summary>Remembers what Kestrel binds.</summary>
    public void Add(Listener listener, ListenOptions bound, bool isTls)
    {
        _bound[listener] = bound;
        if (isTls)
        {
            _tls.Add(listener);
        }
    }

    /// <summary>Whether there is such a listener.</summary>
    public bool IsBound(Listener listener) => _bound.ContainsKey(listener);

    /// <summary>Whether it speaks TLS.</summary>
    public bool IsTls(Listener listener) => _tls.Contains(listener);

    /// <summary>The port; right from the start of the application on.</summary>
    public int Port(Listener listener) => _bound[listener].IPEndPoint?.Port ?? 0;

    /// <summary>Address and port as in a URL.</summary>
    public string Authority(Listener listener)
    {
        var address = options.Value.AddressOf(listener);
        return address.Contains(':') ? $"[{address}]:{Port(listener)}" : $"{address}:{Port(listener)}";
    }
}
