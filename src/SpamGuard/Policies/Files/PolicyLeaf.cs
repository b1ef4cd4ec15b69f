using System.Text.Json.Nodes;

namespace SpamGuard.Policies.Files;

/// <summary>A constant of a policy, as a file would hold it.</summary>
/// <param name="Parts">Where it stands.</param>
/// <param name="Meaning">A sentence.</param>
/// <param name="Kind">What it may be.</param>
/// <param name="Value">What it is.</param>
internal sealed record PolicyLeaf(IReadOnlyList<string> Parts, string Meaning, PolicyValue Kind, object Value)
{
    /// <summary>The parts of the path, separated by dots.</summary>
    public string Path { get; } = string.Join('.', Parts);

    /// <summary>The value in JSON.</summary>
    public JsonNode Json() => Kind.Write(Value);

    /// <summary>The value as one writes it in YAML.</summary>
    public string Text() => Json() is JsonValue value && value.TryGetValue<string>(out var text) ? text : Json().ToJsonString();
}
