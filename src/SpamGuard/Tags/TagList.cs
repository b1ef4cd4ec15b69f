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

            var fault = NetworkText.Read(text, out var network);
            if (fault == NetworkFault.None)
            {
                networks.Add(network);
            }
            else
            {
                faults.AddLine(file.Name, number, Describe(fault), Allowed);
            }
        }
    }

    private static string Describe(NetworkFault fault) => fault switch
    {
        NetworkFault.NoAddress => "which is no address and no network",
        NetworkFault.NoLengthOfV4 => "whose length is no number from 0 to 32",
        NetworkFault.NoLengthOfV6 => "whose length is no number from 0 to 128",
        NetworkFault.BitsBehindLength => "a network with bits set behind its length, where its first address should be",
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, message: null),
    };
}
