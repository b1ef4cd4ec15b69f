namespace SpamGuard.Policies.Files;

/// <summary>The keys of a policy file as they are nested.</summary>
internal sealed class PolicyTree
{
    /// <summary>The root of a file.</summary>
    public static readonly PolicyTree Root = Of(PolicyKeys.All);

    private readonly OrderedDictionary<string, PolicyTree> _children = new(StringComparer.Ordinal);

    /// <summary>What stands here, where no other keys stand below.</summary>
    public PolicyKey<Policy>? Key { get; private set; }

    /// <summary>The keys below.</summary>
    public IEnumerable<KeyValuePair<string, PolicyTree>> Children => _children;

    /// <summary>The key below that any name stands for; <c>null</c> where the names are fixed.</summary>
    public PolicyTree? Named => _children.GetValueOrDefault(PolicyNames.Any);

    /// <summary>Which names may stand below, where they are not fixed.</summary>
    public PolicyNames? Names { get; private set; }

    /// <summary>What stands below a name.</summary>
    public PolicyTree? Find(string name) =>
        Names is null ? _children.GetValueOrDefault(name) : Names.Fits(name) ? Named : null;

    /// <summary>What stands at a path.</summary>
    public PolicyTree? Find(IEnumerable<string> path) => path.Aggregate((PolicyTree?)this, static (tree, name) => tree?.Find(name));

    private static PolicyTree Of(IEnumerable<PolicyKey<Policy>> keys)
    {
        var root = new PolicyTree();
        foreach (var key in keys)
        {
            var at = root;
            foreach (var part in key.Path.Split('.'))
            {
                if (!at._children.TryGetValue(part, out var child))
                {
                    at._children[part] = child = new PolicyTree();
                    at.Names = part is PolicyNames.Any ? key.Names : at.Names;
                }

                at = child;
            }

            at.Key = key;
        }

        return root;
    }
}
