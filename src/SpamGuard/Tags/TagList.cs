using System.Net;
using System.Net.Sockets;
using SpamGuard.Addresses;

namespace SpamGuard.Tags;

/// <summary>Reads a list of networks: one a line, <c>#</c> begins a comment.</summary>
internal static class TagList
{
    private const string Allowed = "an address, or a network as ADDRESS/LENGTH, a line, and comments behind #";

    /// <summary>Adds the networks of a file, and all that is wrong with it.</summary>
    public static void Read(WatchedFile file, PrefixSetBuilder networks, TagFaults faults)
    {
        using var lines = new StreamReader(new MemoryStream(file.Content));
        for (var number = 1; lines.ReadLine() is { } line; number++)
        {
            var text = line.AsSpan();
            var comment = text.IndexOf('#');
            text = (comment < 0 ? text : text[..comment]).Trim();
            if (text.IsEmpty)
            {
                continue;
            }

            if (TryParse(text, out var network, out var fault))
            {
                networks.Add(network);
            }
            else
            {
                faults.AddLine(file.Name, number, fault, Allowed);
            }
        }
    }

    private static bool TryParse(ReadOnlySpan<char> text, out IPNetwork network, out string fault)
    {
        network = default;
        var slash = text.IndexOf('/');
        var address = slash < 0 ? text : text[..slash];

        // Not by the runtime alone: "1" and "010.0.0.0" are IPv4 addresses to it, and it silently clears what is set behind the length.
        if (!ClientAddress.TryParse(address, out _) || !IPAddress.TryParse(address, out var first))
        {
            fault = "which is no address and no network";
            return false;
        }

        var longest = first.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        if (slash < 0)
        {
            network = new IPNetwork(first, longest);
        }
        else if (!IPNetwork.TryParse(text, out network))
        {
            fault = $"whose length is no number from 0 to {longest}";
            return false;
        }

        fault = "a network with bits set behind its length, where its first address should be";
        return network.BaseAddress.Equals(first);
    }
}
