using SpamGuard.Addresses;

namespace SpamGuard.Server.Edge;

/// <summary>Proxies whose word on who their client is counts.</summary>
internal static class TrustedProxies
{
    /// <summary>Reads networks and addresses with commas between them.</summary>
    /// <param name="text">The text; empty for none.</param>
    /// <param name="fault">The first part that is neither, or a network of every address: then any client would choose its own; <c>null</c> where none is.</param>
    public static PrefixSet Parse(string text, out string? fault)
    {
        var set = new PrefixSetBuilder();
        fault = null;
        foreach (var part in text.Length == 0 ? [] : text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (NetworkText.Read(part, out var network) == NetworkFault.None && network.PrefixLength > 0)
            {
                set.Add(network);
            }
            else
            {
                fault ??= part;
            }
        }

        return set.Build();
    }
}
