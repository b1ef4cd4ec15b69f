namespace SpamGuard.Server.Edge;

/// <summary>How proxies that ask about a request are answered: section <c>Edge</c>.</summary>
internal sealed class EdgeOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Edge";

    /// <summary>The key of <see cref="EnvoyEdgeOptions.AddressHeader"/>.</summary>
    public const string AddressHeaderKey = $"{Section}:{nameof(Envoy)}:{nameof(EnvoyEdgeOptions.AddressHeader)}";

    /// <summary>The key of <see cref="EnvoyEdgeOptions.Challenge"/>.</summary>
    public const string ChallengeKey = $"{Section}:{nameof(Envoy)}:{nameof(EnvoyEdgeOptions.Challenge)}";

    /// <summary>The key of <see cref="HttpEdgeOptions.TrustedProxies"/>.</summary>
    public const string TrustedProxiesKey = $"{Section}:{nameof(Http)}:{nameof(HttpEdgeOptions.TrustedProxies)}";

    /// <summary>The keys of the section.</summary>
    public static readonly IReadOnlyList<Setting> Settings = [Setting.Text(AddressHeaderKey), Setting.Text(ChallengeKey), Setting.Text(TrustedProxiesKey)];

    /// <summary>Envoy's external authorization.</summary>
    public EnvoyEdgeOptions Envoy { get; set; } = new();

    /// <summary><c>GET /authz</c>.</summary>
    public HttpEdgeOptions Http { get; set; } = new();
}

/// <summary>Envoy's external authorization: <c>Edge:Envoy:*</c>.</summary>
internal sealed class EnvoyEdgeOptions
{
    /// <summary>A header that Envoy itself sets to the client's address. Default: none; the client is the source of the connection.</summary>
    public string? AddressHeader { get; set; }

    /// <summary>What the client of a request is answered that is to be challenged; see <see cref="EnvoyChallenge"/>.</summary>
    public string Challenge { get; set; } = "401";
}

/// <summary>Proxies that ask by HTTP: <c>Edge:Http:*</c>.</summary>
internal sealed class HttpEdgeOptions
{
    /// <summary>Networks and addresses of the proxies whose <c>X-Forwarded-For</c> is believed, with commas between them. Default: none.</summary>
    public string TrustedProxies { get; set; } = "";
}
