using System.Collections.Concurrent;
using SpamGuard.Addresses;

namespace SpamGuard.Tags;

/// <summary>Which addresses have which tags. Immutable.</summary>
internal sealed class AddressTags
{
    /// <summary>Most tags that there can be.</summary>
    public const int Most = 32;

    /// <summary>No address has a tag.</summary>
    public static readonly AddressTags None = new(new Dictionary<string, PrefixSet>(StringComparer.Ordinal));

    private readonly string[] _names;
    private readonly PrefixSet[] _sets;
    private readonly ConcurrentDictionary<uint, string[]> _combinations = new();

    /// <summary>Takes the networks of each tag; <see cref="Most"/> of them at most.</summary>
    public AddressTags(IReadOnlyDictionary<string, PrefixSet> sets)
    {
        if (sets.Count > Most)
        {
            throw new ArgumentException($"More than {Most} tags.", nameof(sets));
        }

        _names = [.. sets.Keys.Order(StringComparer.Ordinal)];
        _sets = [.. _names.Select(name => sets[name])];
    }

    /// <summary>The tags, in ordinal order, each with the number of different networks that it was given.</summary>
    public IEnumerable<(string Tag, int Prefixes)> Sizes => _names.Zip(_sets, static (name, set) => (name, set.Count));

    /// <summary>The tags of an address, in ordinal order. The same array for the same tags: not to be written to.</summary>
    public string[] Of(ClientAddress address)
    {
        var combination = 0u;
        for (var i = 0; i < _sets.Length; i++)
        {
            combination |= address.IsIn(_sets[i]) ? 1u << i : 0;
        }

        if (combination == 0)
        {
            return [];
        }

        return _combinations.TryGetValue(combination, out var tags)
            ? tags
            : _combinations.GetOrAdd(combination, static (bits, names) => [.. names.Where((_, i) => (bits & (1u << i)) != 0)], _names);
    }
}
