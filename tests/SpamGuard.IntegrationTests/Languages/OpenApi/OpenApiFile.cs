using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.EventEmitters;

namespace SpamGuard.IntegrationTests.Languages.OpenApi;

/// <summary><c>protos/openapi.yaml</c> as it is checked in, and how it is written.</summary>
internal static partial class OpenApiFile
{
    /// <summary>Where it is.</summary>
    public static string FilePath { get; } = Path.Combine(Protos.Folder, "openapi.yaml");

    /// <summary>What it says.</summary>
    public static JsonObject Read()
    {
        using var reader = File.OpenText(FilePath);
        var stream = new YamlStream();
        stream.Load(reader);
        return Node(stream.Documents[0].RootNode)!.AsObject();
    }

    /// <summary>A document as YAML.</summary>
    public static string Text(JsonObject document) =>
        "# Made of the protos by tests/SpamGuard.IntegrationTests/Languages/OpenApi. Change those, and then:\n"
        + "# SPAMGUARD_WRITE_OPENAPI=1 dotnet test tests/SpamGuard.IntegrationTests --filter OpenApiDocumentTests\n"
        + new SerializerBuilder().DisableAliases().WithIndentedSequences().WithNewLine("\n").WithEventEmitter(static next => new Quoting(next)).Build().Serialize(Plain(document)!);

    private static object? Plain(JsonNode? node) => node switch
    {
        JsonObject map => map.ToDictionary(static one => one.Key, static one => Plain(one.Value), StringComparer.Ordinal),
        JsonArray list => list.Select(Plain).ToList(),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => value.GetValue<bool>(),
        JsonValue value => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture),
        _ => null,
    };

    // What is plain is what JSON takes it for, and else a text.
    private static JsonNode? Node(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(static one => KeyValuePair.Create(((YamlScalarNode)one.Key).Value!, Node(one.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Node)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" or "null" } scalar => JsonNode.Parse(scalar.Value),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar when double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        YamlScalarNode scalar => scalar.Value,
        _ => throw new NotSupportedException($"{node.NodeType} is not written."),
    };

    // Whatever another reader could take for something else than a text is quoted, and what has lines keeps them.
    private sealed partial class Quoting(IEventEmitter next) : ChainedEventEmitter(next)
    {
        public override void Emit(ScalarEventInfo eventInfo, IEmitter emitter)
        {
            if (eventInfo.Source.Value is string text)
            {
                eventInfo.Style = text.Contains('\n', StringComparison.Ordinal) ? ScalarStyle.Literal : Unmistakable().IsMatch(text) ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted;
            }

            base.Emit(eventInfo, emitter);
        }

        [GeneratedRegex("^(?!(true|false|null|yes|no|on|off|y|n)$)[A-Za-z/][A-Za-z0-9 _./,;()'{}-]*(:[A-Za-z]+)?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
        private static partial Regex Unmistakable();
    }
}
