namespace SpamGuard.Server.Listeners;

/// <summary>Where the server listens: <c>Listeners:*</c>.</summary>
internal sealed class ListenerOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Listeners";

    /// <summary>The shortest age at which a connection is asked to close.</summary>
    public static readonly TimeSpan ShortestConnectionAge = TimeSpan.FromSeconds(10);

    /// <summary>The longest age at which a connection is asked to close.</summary>
    public static readonly TimeSpan LongestConnectionAge = TimeSpan.FromDays(1);

    /// <summary>The most that <see cref="MaxConnections"/> may be.</summary>
    public const int MostConnections = 100_000;

    /// <summary>What <see cref="MaxConnections"/> may be.</summary>
    public const string AllowedConnections = "1 to 100000";

    /// <summary>The keys of the section.</summary>
    public static readonly IReadOnlyList<Setting> Settings =
    [
        Setting.Text($"{Section}:{nameof(Address)}"),
        .. Enum.GetNames<Listener>().SelectMany(static listener => (Setting[])
        [
            Setting.Text($"{Section}:{listener}:{nameof(ListenerEndpointOptions.Address)}"),
            Setting.Number($"{Section}:{listener}:{nameof(ListenerEndpointOptions.Port)}", AllowedPorts),
        ]),
        Setting.Duration($"{Section}:{nameof(MaxConnectionAge)}", ShortestConnectionAge, LongestConnectionAge),
        Setting.Number($"{Section}:{nameof(MaxConnections)}", AllowedConnections),
    ];

    /// <summary>What a port may be.</summary>
    public const string AllowedPorts = "0 (any free port) to 65535";

    /// <summary>The IP address of every listener that names none of its own; loopback unless told otherwise.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>gRPC.</summary>
    public ListenerEndpointOptions Grpc { get; set; } = new() { Port = 5080 };

    /// <summary>JSON.</summary>
    public ListenerEndpointOptions Http { get; set; } = new() { Port = 5081 };

    /// <summary>Metrics.</summary>
    public ListenerEndpointOptions Metrics { get; set; } = new() { Port = 5082 };

    /// <summary>Liveness and readiness.</summary>
    public ListenerEndpointOptions Health { get; set; } = new() { Port = 5083 };

    /// <summary>For a sidecar; none by default.</summary>
    public ListenerEndpointOptions Sidecar { get; set; } = new();

    /// <summary>The transparency page; none by default, and only where the process is the desk.</summary>
    public ListenerEndpointOptions Transparency { get; set; } = new();

    /// <summary>A connection that is older than this, give or take a tenth, is asked to close by the next call on it, so that new processes get traffic. 10 s to 1 day; 5 min by default.</summary>
    public TimeSpan MaxConnectionAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How many connections each listener has at once; one more is closed before its handshake. 1 to 100,000; 2,000 by default.</summary>
    public int MaxConnections { get; set; } = 2_000;

    /// <summary>The endpoint of one listener.</summary>
    public ListenerEndpointOptions this[Listener listener] => listener switch
    {
        Listener.Grpc => Grpc,
        Listener.Http => Http,
        Listener.Metrics => Metrics,
        Listener.Health => Health,
        Listener.Sidecar => Sidecar,
        Listener.Transparency => Transparency,
        _ => throw new ArgumentOutOfRangeException(nameof(listener), listener, message: null),
    };

    /// <summary>The address that one listener listens on.</summary>
    public string AddressOf(Listener listener) => this[listener].Address ?? Address;

    /// <summary>The key that <see cref="AddressOf"/> comes from.</summary>
    public string AddressKeyOf(Listener listener) => $"{Section}:{(this[listener].Address is null ? "" : $"{listener}:")}{nameof(Address)}";
}

/// <summary>One listener: <c>Listeners:Grpc:*</c> and so on.</summary>
internal sealed class ListenerEndpointOptions
{
    /// <summary>An IP address, where it differs from that of the others.</summary>
    public string? Address { get; set; }

    /// <summary>0 to 65535; 0 takes any free port. <c>null</c> where there is no such listener.</summary>
    public int? Port { get; set; }
}
