using System.Net;
using System.Net.Sockets;

namespace SpamGuard.Addresses;

/// <summary>Reads networks as <c>ADDRESS/LENGTH</c>, and addresses as networks of one.</summary>
internal static class NetworkText
{
    /// <summary>Reads one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="network">The network.</param>
    /// <returns>What is wrong with it.</returns>
    public static NetworkFault Read(ReadOnlySpan<char> text, out IPNetwork network)
    {
        network = default;
        var slash = text.IndexOf('/');
        var address = slash < 0 ? text : text[..slash];

        // Not by the runtime alone: "1" and "010.0.0.0" are IPv4 addresses to it, and it silently clears what is set behind the length.
        if (!ClientAddress.TryParse(address, out _) || !IPAddress.TryParse(address, out var first))
        {
            return NetworkFault.NoAddress;
        }

        if (slash < 0)
        {
            network = new IPNetwork(first, first.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
        }
        else if (!IPNetwork.TryParse(text, out network))
        {
            return first.AddressFamily == AddressFamily.InterNetwork ? NetworkFault.NoLengthOfV4 : NetworkFault.NoLengthOfV6;
        }

        return network.BaseAddress.Equals(first) ? NetworkFault.None : NetworkFault.BitsBehindLength;
    }
}

/// <summary>What is wrong with the text of a network.</summary>
internal enum NetworkFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It does not begin with an address.</summary>
    NoAddress,

    /// <summary>Its length is no number from 0 to 32.</summary>
    NoLengthOfV4,

    /// <summary>Its length is no number from 0 to 128.</summary>
    NoLengthOfV6,

    /// <summary>Behind its length bits are set: its address is not its first.</summary>
    BitsBehindLength,
}
