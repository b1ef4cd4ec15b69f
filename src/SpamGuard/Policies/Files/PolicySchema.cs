using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpamGuard.Policies.Files;

/// <summary>The keys of a policy file as JSON Schema, for editors and for pipelines.</summary>
/// <remarks>What it can't say is <see cref="PolicyRules"/>, the limit of a duration, and that a key comes once.</remarks>
internal static class PolicySchema
{
    private const string Kind = "kind";
    private const string Candidate = "candidate";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema, as <c>policy.schema.json</c> holds it.</summary>
    public static string Text()
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "A SpamGuard policy",
            ["description"] = "What is left out has its default. 'defaults' counts for every kind of events, 'sign_up' and 'message' for one; 'shadow' is tried beside and decides nothing.",
            ["type"] = "object",
            ["properties"] = Properties(PolicyTree.Root, string.Empty),
            ["additionalProperties"] = false,
            ["$defs"] = new JsonObject
            {
                [Kind] = Mapping(PolicyTree.Root.Find([PolicyKeys.Defaults])!, Kind),
                [Candidate] = Mapping(PolicyTree.Root.Find([PolicyKeys.Shadow, PolicyKeys.Defaults])!, Candidate),
            },
        };
        return schema.ToJsonString(Readable) + "\n";
    }

    // A section without keys is allowed to be nothing: all of them may be commented out.
    private static JsonObject Mapping(PolicyTree tree, string path)
    {
        var mapping = new JsonObject { ["type"] = new JsonArray("object", "null") };
        if (tree.Names is { } names)
        {
            mapping["patternProperties"] = new JsonObject { [names.Pattern] = Of(tree.Named!, path + names.Pattern) };
        }
        else
        {
            mapping["properties"] = Properties(tree, path);
        }

        mapping["additionalProperties"] = false;
        return mapping;
    }

    private static JsonObject Properties(PolicyTree tree, string path) =>
        new(tree.Children.Select(child => KeyValuePair.Create(child.Key, (JsonNode?)Of(child.Value, $"{path}.{child.Key}"))));

    private static JsonObject Of(PolicyTree tree, string path)
    {
        if (tree.Key is { } key)
        {
            return Value(key);
        }

        return Sections().TryGetValue(path, out var definition) ? new JsonObject { ["$ref"] = $"#/$defs/{definition}" } : Mapping(tree, path);
    }

    private static Dictionary<string, string> Sections() => EventKinds.All.Select(kind => kind.Name()).Append(PolicyKeys.Defaults)
        .SelectMany(section => new[] { ($".{section}", Kind), ($".{PolicyKeys.Shadow}.{section}", Candidate) })
        .ToDictionary(StringComparer.Ordinal);

    private static JsonObject Value(PolicyKey<Policy> key)
    {
        var schema = key.Value.Schema();
        schema["description"] = key.Meaning;
        if (key.Names is null)
        {
            schema["default"] = key.Leaves(Policy.Default).Single().Json();
        }

        return schema;
    }
}
