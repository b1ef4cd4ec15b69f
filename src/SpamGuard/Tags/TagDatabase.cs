using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MaxMind.Db;
using SpamGuard.Addresses;

namespace SpamGuard.Tags;

/// <summary>Reads a MaxMind DB into networks, once: a lookup is the same for a database as for a list.</summary>
internal static class TagDatabase
{
    private const string Flagged = "Anonymous-IP";
    private const string Allowed = $"databases of a type that holds '{Flagged}', and databases whose records hold an array 'tags' of names";

    // A tree that is damaged or made up may lead to more networks than there is memory for.
    private const int MostNetworks = 20_000_000;

    private static readonly IPNetwork Teredo = IPNetwork.Parse("2001::/32");

    /// <summary>Adds the networks of a file, or what is wrong with it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="networksOf">Gives the networks of a tag.</param>
    /// <param name="faults">Takes what is wrong.</param>
    public static void Read(WatchedFile file, Func<string, PrefixSetBuilder> networksOf, TagFaults faults)
    {
        var name = TagName.Shown(file.Name);
        try
        {
            using var reader = new Reader(new MemoryStream(file.Content));
            var type = reader.Metadata.DatabaseType;
            var isFlagged = type.Contains(Flagged, StringComparison.Ordinal);
            var isKnown = isFlagged;
            var count = 0;
            foreach (var node in reader.FindAll<TagRecord>())
            {
                if (++count > MostNetworks)
                {
                    faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name} with more than {MostNetworks} networks"), "fewer");
                    return;
                }

                IEnumerable<string> tags = node.Data.Tags ?? [];
                isKnown |= node.Data.Tags is not null;
                foreach (var tag in isFlagged ? tags.Concat(node.Data.FlagTags()) : tags)
                {
                    if (!TagName.IsOne(tag))
                    {
                        faults.Add($"{name}, whose records hold a tag of another name", TagName.Allowed);
                        return;
                    }

                    var networks = networksOf(tag);
                    foreach (var network in Networks(node.Start, node.PrefixLength))
                    {
                        networks.Add(network);
                    }
                }
            }

            if (!isKnown)
            {
                faults.Add($"{name}, a database of type '{TagName.Shown(type)}'", Allowed);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The library throws much besides its own exceptions at bytes that are no database.
            faults.Add($"{name}, which is no such database or a damaged one ({e.GetType().Name})", Allowed);
        }
    }

    private static IPNetwork[] Networks(IPAddress start, int length)
    {
        if (length < 0)
        {
            // A network of IPv6 that holds ::/96, which databases take for all of IPv4: the library gives it a length that is counted from there.
            return [new IPNetwork(IPAddress.IPv6Any, length + 96), new IPNetwork(IPAddress.Any, 0)];
        }

        // Databases repeat their IPv4 networks under Teredo's 2001::/32, where an address begins with a relay's and not with the client's.
        return start.AddressFamily == AddressFamily.InterNetworkV6 && Teredo.Contains(start) ? [] : [new IPNetwork(start, length)];
    }
}
