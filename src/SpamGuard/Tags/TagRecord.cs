using MaxMind.Db;

namespace SpamGuard.Tags;

/// <summary>What is read of a database's record: the flags of the Anonymous-IP layout, and <c>tags</c>.</summary>
internal sealed class TagRecord
{
    /// <summary>Becomes the tag <c>anonymous</c>.</summary>
    [MapKey("is_anonymous")]
    public bool Anonymous { get; init; }

    /// <summary>Becomes the tag <c>vpn</c>.</summary>
    [MapKey("is_anonymous_vpn")]
    public bool Vpn { get; init; }

    /// <summary>Becomes the tag <c>hosting</c>.</summary>
    [MapKey("is_hosting_provider")]
    public bool Hosting { get; init; }

    /// <summary>Becomes the tag <c>proxy</c>.</summary>
    [MapKey("is_public_proxy")]
    public bool Proxy { get; init; }

    /// <summary>Becomes the tag <c>residential_proxy</c>.</summary>
    [MapKey("is_residential_proxy")]
    public bool ResidentialProxy { get; init; }

    /// <summary>Becomes the tag <c>tor</c>.</summary>
    [MapKey("is_tor_exit_node")]
    public bool Tor { get; init; }

    /// <summary>Tags by their names.</summary>
    [MapKey("tags")]
    public List<string>? Tags { get; init; }

    /// <summary>The tags that the flags stand for.</summary>
    public IEnumerable<string> FlagTags()
    {
        (bool Flag, string Tag)[] flags =
        [
            (Anonymous, "anonymous"), (Vpn, "vpn"), (Hosting, "hosting"), (Proxy, "proxy"), (ResidentialProxy, "residential_proxy"), (Tor, "tor"),
        ];
        return flags.Where(static flag => flag.Flag).Select(static flag => flag.Tag);
    }
}
