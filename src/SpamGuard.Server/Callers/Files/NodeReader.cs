using SpamGuard.Policies.Files;

namespace SpamGuard.Server.Callers.Files;

/// <summary>Takes mappings and lists apart, and collects what is none.</summary>
/// <param name="faults">Gets what is wrong.</param>
internal sealed class NodeReader(ICollection<PolicyFault> faults)
{
    /// <summary>Takes the keys of a mapping that may have some keys only.</summary>
    public void Mapping(PolicyNode node, string[] path, IReadOnlyCollection<string> keys, Action<PolicyNode, PolicyNode, string[]> take) =>
        Mapping(node, path, string.Join(", ", keys), key => keys.Contains(key, StringComparer.Ordinal), take);

    /// <summary>Takes the keys of a mapping.</summary>
    /// <param name="node">The mapping.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="allowed">Its keys, to stand behind "allowed are ".</param>
    /// <param name="fits">Whether a text is one of them.</param>
    /// <param name="take">Takes a key, its value and its path.</param>
    public void Mapping(PolicyNode node, string[] path, string allowed, Predicate<string> fits, Action<PolicyNode, PolicyNode, string[]> take)
    {
        if (node.Refused is not null || node.Entries is null)
        {
            Fault(node, path, $"found {node.Refused ?? node.Describe()}; allowed is a mapping with {allowed}.");
            return;
        }

        PolicyEntries.Each(node.Entries, path, allowed, faults, (key, value, below) =>
        {
            if (fits(key.Text!))
            {
                take(key, value, below);
            }
            else
            {
                Fault(key, below, $"is no such key; allowed are {allowed}.");
            }
        });
    }

    /// <summary>Takes the items of a list that may not be empty.</summary>
    public void List(PolicyNode node, string[] path, string allowed, Action<PolicyNode> take)
    {
        if (node.Refused is not null || node.Items is not { Count: > 0 } items)
        {
            Fault(node, path, $"found {node.Refused ?? node.Describe()}; allowed are lists of {allowed}.");
            return;
        }

        foreach (var item in items)
        {
            take(item);
        }
    }

    /// <summary>Something can't be used.</summary>
    public void Fault(PolicyNode node, IEnumerable<string> path, string text) => faults.Add(PolicyFault.At(node, path, text));
}
