using System.Text.Json.Nodes;

namespace SpamGuard.Policies.Files;

/// <summary>Writes a policy in the shape of its file, with all defaults. Reading that gives the same policy.</summary>
internal static class PolicyDocument
{
    /// <summary>The whole policy, with its candidate below <c>shadow</c> where there is one.</summary>
    public static JsonObject Of(Policy policy)
    {
        var root = new JsonObject();
        foreach (var leaf in PolicyKeys.Leaves(policy))
        {
            var at = root;
            foreach (var part in leaf.Parts.SkipLast(1))
            {
                at = (JsonObject)(at[part] ??= new JsonObject());
            }

            at[leaf.Parts[^1]] = leaf.Json();
        }

        return root;
    }
}
