namespace SpamGuard.Policies.Files;

/// <summary>Reads a policy file by <see cref="PolicyKeys"/>, and collects all that can't be used instead of stopping at the first.</summary>
internal sealed class PolicyReader
{
    private const string AllowedWhole = "a mapping, and {} for a policy of defaults only";

    private readonly List<PolicyFault> _faults = [];
    private readonly List<Assignment> _assignments = [];

    private PolicyReader()
    {
    }

    /// <summary>Reads the content of a file.</summary>
    public static PolicyFile Read(ReadOnlyMemory<byte> content)
    {
        if (PolicyYaml.Read(content, AllowedWhole, out var fault) is not { } root)
        {
            return PolicyFile.Refused([fault!]);
        }

        var reader = new PolicyReader();
        if (root.IsNothing && root.Refused is null)
        {
            reader.Fault(root, [], $"found nothing; allowed is {AllowedWhole}.");
        }
        else
        {
            reader.Take(root, PolicyTree.Root, []);
        }

        return reader.Result();
    }

    private PolicyFile Result()
    {
        var policy = Policy.Default;
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        var assignments = _assignments.ToLookup(one => one.Key);
        foreach (var one in PolicyKeys.All.SelectMany(key => assignments[key]))
        {
            policy = one.Key.With(policy, one.Name, one.Value);
            foreach (var path in PathsOf(one.Path))
            {
                lines[path] = one.Line;
            }
        }

        var read = new PolicyFile(policy, [], lines);
        _faults.AddRange(PolicyRules.Check(policy, read.LineOf, path => _faults.Exists(fault => fault.Path.EndsWith($".{path}", StringComparison.Ordinal))));
        return _faults.Count == 0 ? read : PolicyFile.Refused(_faults);
    }

    private void Take(PolicyNode node, PolicyTree tree, string[] path)
    {
        if (node.Refused is { } refused)
        {
            Fault(node, path, $"found {refused}; allowed are plain values.");
        }
        else if (tree.Key is { } key)
        {
            TakeValue(node, key, path);
        }
        else if (node.Entries is { } entries)
        {
            TakeEntries(entries, tree, path);
        }
        else if (!node.IsNothing) // a section whose keys are all left out, or commented out
        {
            Fault(node, path, $"found {node.Describe()}; allowed is a mapping of {Allowed(tree)}.");
        }
    }

    private void TakeEntries(IReadOnlyList<(PolicyNode Key, PolicyNode Value)> entries, PolicyTree tree, string[] path) =>
        PolicyEntries.Each(entries, path, Allowed(tree), _faults, (key, value, below) =>
        {
            if (tree.Find(key.Text!) is { } child)
            {
                Take(value, child, below);
            }
            else
            {
                Fault(key, below, Unknown(key.Text!, tree, below));
            }
        });

    private void TakeValue(PolicyNode node, PolicyKey<Policy> key, string[] path)
    {
        if (key.Value.Read(node) is { } value)
        {
            var named = Array.IndexOf(key.Path.Split('.'), PolicyNames.Any);
            _assignments.Add(new Assignment(key, named < 0 ? string.Empty : path[named], value, node.Line, path));
        }
        else
        {
            Fault(node, path, $"found {node.Describe()}; allowed are {key.Value.Allowed}.");
        }
    }

    private static string Unknown(string name, PolicyTree tree, string[] path)
    {
        if (tree.Names is { } names)
        {
            return $"is no such name; allowed are {names.Allowed}.";
        }

        if (path[0] is PolicyKeys.Shadow && PolicyTree.Root.Find(path[1..]) is not null)
        {
            return $"is none of a candidate's keys: it is tried on the records of the policy in force, while the store answers; allowed are {Allowed(tree)}.";
        }

        var nearest = PolicyText.Nearest(name, tree.Children.Select(child => child.Key));
        return $"is no key{(nearest is null ? string.Empty : $", but {nearest} is")}; allowed are {Allowed(tree)}.";
    }

    private static string Allowed(PolicyTree tree) => tree.Names?.Allowed ?? string.Join(", ", tree.Children.Select(child => child.Key));

    private void Fault(PolicyNode node, string[] path, string text) => _faults.Add(PolicyFault.At(node, path, text));

    // What counts for both kinds is set for each of them.
    private static IEnumerable<string> PathsOf(string[] path)
    {
        var at = Array.IndexOf(path, PolicyKeys.Defaults);
        return at < 0
            ? [string.Join('.', path)]
            : EventKinds.All.Select(kind => string.Join('.', [.. path[..at], kind.Name(), .. path[(at + 1)..]]));
    }

    private sealed record Assignment(PolicyKey<Policy> Key, string Name, object Value, int Line, string[] Path);
}
