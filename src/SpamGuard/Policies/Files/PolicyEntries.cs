using System.Globalization;

namespace SpamGuard.Policies.Files;

/// <summary>The keys of a mapping, one after the other, with what is wrong of any mapping told on the way.</summary>
internal static class PolicyEntries
{
    /// <summary>Takes every key that is a plain text and comes for the first time.</summary>
    /// <param name="entries">The mapping.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="allowed">Its keys, to stand behind "allowed are ".</param>
    /// <param name="faults">Gets what is wrong.</param>
    /// <param name="take">Takes a key, its value (a value without keys of its own has the key's line, for a list may begin a line later) and its path.</param>
    public static void Each(
        IReadOnlyList<(PolicyNode Key, PolicyNode Value)> entries,
        string[] path,
        string allowed,
        ICollection<PolicyFault> faults,
        Action<PolicyNode, PolicyNode, string[]> take)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (key, value) in entries)
        {
            if (key.Refused is not null || key.Text is null)
            {
                faults.Add(PolicyFault.At(key, path, $"found {key.Refused ?? key.Describe()} as a key; allowed are {allowed}."));
                continue;
            }

            string[] below = [.. path, key.Text];
            if (seen.TryAdd(key.Text, key.Line))
            {
                take(key, value.Entries is null ? value with { Line = key.Line } : value, below);
            }
            else
            {
                faults.Add(PolicyFault.At(key, below, string.Create(CultureInfo.InvariantCulture, $"found a second time, after line {seen[key.Text]}; allowed is once.")));
            }
        }
    }
}
