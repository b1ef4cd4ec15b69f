using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace SpamGuard.IntegrationTests.Languages.OpenApi;

/// <summary>Messages and enumerations as JSON Schema 2020-12: what the transcoding reads and writes of them.</summary>
/// <param name="answers">Full names of the messages that only answers have: what of them is always written is required.</param>
internal sealed partial class OpenApiSchemas(IReadOnlySet<string> answers)
{
    /// <summary>Where schemas are.</summary>
    public const string Prefix = "#/components/schemas/";

    private const string Ours = "spamguard.v1.";

    /// <summary>What JSON writes in another form than the message has.</summary>
    private static readonly Dictionary<string, Func<JsonObject>> WellKnown = new(StringComparer.Ordinal)
    {
        [Timestamp.Descriptor.FullName] = static () => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
        [Duration.Descriptor.FullName] = static () => new JsonObject { ["type"] = "string", ["pattern"] = @"^-?[0-9]+(\.[0-9]{1,9})?s$" },
        [Struct.Descriptor.FullName] = static () => new JsonObject { ["type"] = "object", ["additionalProperties"] = true },
        [Any.Descriptor.FullName] = static () => Reference("ErrorDetail"),
    };

    private readonly SortedDictionary<string, JsonObject> _schemas = new(StringComparer.Ordinal);

    /// <summary>Every schema that was asked for, by its name.</summary>
    public IReadOnlyDictionary<string, JsonObject> All => _schemas;

    /// <summary>Every message that can be met within some.</summary>
    public static IReadOnlySet<string> Within(IEnumerable<MessageDescriptor> messages)
    {
        var met = new HashSet<string>(StringComparer.Ordinal);
        var next = new Stack<MessageDescriptor>(messages);
        while (next.TryPop(out var message))
        {
            if (met.Add(message.FullName))
            {
                foreach (var field in message.Fields.InFieldNumberOrder().Where(static field => field.FieldType == FieldType.Message))
                {
                    next.Push(field.MessageType);
                }
            }
        }

        return met;
    }

    /// <summary>A comment of a proto as text: a paragraph is a line. Empty for what is not ours.</summary>
    public static string Comment(DescriptorBase descriptor) => descriptor.File.Package + '.' == Ours
        ? string.Join("\n\n", descriptor.Declaration.LeadingComments.Split("\n\n").Select(static paragraph => Space().Replace(paragraph, " ").Trim()))
        : "";

    /// <summary>The name of a message or an enumeration: without package.</summary>
    public static string Name(DescriptorBase descriptor) => descriptor.FullName[(descriptor.File.Package.Length + 1)..];

    /// <summary>The schema of a name.</summary>
    public static JsonObject Reference(string name) => new() { ["$ref"] = Prefix + name };

    /// <summary>The schema of a message, which is made where there is none yet.</summary>
    public JsonObject Of(MessageDescriptor message)
    {
        if (WellKnown.TryGetValue(message.FullName, out var known))
        {
            return known();
        }

        var name = Name(message);
        if (!_schemas.ContainsKey(name))
        {
            _schemas[name] = []; // it may hold itself
            _schemas[name] = Object(message);
        }

        return Reference(name);
    }

    /// <summary>The schema of a field.</summary>
    public JsonObject Of(FieldDescriptor field)
    {
        var schema = field.IsMap
            ? new JsonObject { ["type"] = "object", ["additionalProperties"] = Single(field.MessageType.FindFieldByNumber(2)) }
            : field.IsRepeated ? new JsonObject { ["type"] = "array", ["items"] = Single(field) } : Single(field);
        return Described(schema, Comment(field));
    }

    private static JsonObject Described(JsonObject schema, string comment)
    {
        if (comment.Length > 0)
        {
            schema["description"] = comment;
        }

        return schema;
    }

    private JsonObject Single(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => Of(field.MessageType),
        FieldType.Enum => Enumeration(field.EnumType),
        FieldType.String when Uuid().IsMatch(Comment(field)) => new JsonObject { ["type"] = "string", ["format"] = "uuid" },
        FieldType.String => new JsonObject { ["type"] = "string" },
        FieldType.Bytes => new JsonObject { ["type"] = "string", ["contentEncoding"] = "base64" },
        FieldType.Bool => new JsonObject { ["type"] = "boolean" },
        FieldType.Double => new JsonObject { ["type"] = "number", ["format"] = "double" },
        FieldType.Int32 => new JsonObject { ["type"] = "integer", ["format"] = "int32" },
        FieldType.UInt32 => new JsonObject { ["type"] = "integer", ["minimum"] = 0 },
        FieldType.Int64 when field.File.Package + '.' == Ours => new JsonObject { ["type"] = "integer", ["format"] = "int64" },
        FieldType.Int64 => new JsonObject { ["type"] = new JsonArray("integer", "string"), ["format"] = "int64" },
        _ => throw new NotSupportedException($"{field.FullName} is of a type that no field has had."),
    };

    private JsonObject Enumeration(EnumDescriptor type)
    {
        if (!_schemas.ContainsKey(Name(type)))
        {
            var values = string.Join('\n', type.Values.Select(static value => $"- `{value.Name}`: {Comment(value)}"));
            _schemas[Name(type)] = new JsonObject
            {
                ["type"] = "string",
                ["description"] = $"{Comment(type)}\n\n{values}",
                ["enum"] = new JsonArray([.. type.Values.Select(static value => JsonValue.Create(value.Name))]),
            };
        }

        return Reference(Name(type));
    }

    private JsonObject Object(MessageDescriptor message)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        var isAnswer = answers.Contains(message.FullName);
        foreach (var field in message.Fields.InFieldNumberOrder())
        {
            var schema = Of(field);
            if (IsInputOnly(field) || (field.RealContainingOneof is { } oneof && IsInputOnly(oneof)))
            {
                schema["writeOnly"] = true;
            }

            properties[field.JsonName] = schema;
            if (isAnswer ? !field.HasPresence : Required().IsMatch(Comment(field)))
            {
                required.Add(field.JsonName);
            }
        }

        var choices = message.RealOneofs();
        var schemaOfAll = Described(
            new JsonObject { ["type"] = "object" },
            string.Join("\n\n", [Comment(message), .. choices.Select(static choice => $"One of {string.Join(", ", choice.Fields.Select(static field => $"`{field.JsonName}`"))}: {Comment(choice)}")]));
        schemaOfAll["properties"] = properties;
        if (required.Count > 0)
        {
            schemaOfAll["required"] = required;
        }

        if (choices.Count == 1)
        {
            schemaOfAll["oneOf"] = OneOf(choices[0]);
        }
        else if (choices.Count > 1)
        {
            schemaOfAll["allOf"] = new JsonArray([.. choices.Select(static choice => new JsonObject { ["oneOf"] = OneOf(choice) })]);
        }

        return schemaOfAll;
    }

    // Each of ours has to be set, in a request as in an answer.
    private static JsonArray OneOf(OneofDescriptor choice) =>
        [.. choice.Fields.Select(static field => new JsonObject { ["required"] = new JsonArray(field.JsonName) })];

    private static bool IsInputOnly(DescriptorBase descriptor) => Comment(descriptor).Contains("INPUT_ONLY", StringComparison.Ordinal);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex("^A UUID")]
    private static partial Regex Uuid();

    [GeneratedRegex(@"\bRequired\.")]
    private static partial Regex Required();
}

/// <summary>What descriptors don't say by themselves.</summary>
internal static class MessageDescriptors
{
    /// <summary>The choices that were written: not those that stand for an optional field.</summary>
    public static IReadOnlyList<OneofDescriptor> RealOneofs(this MessageDescriptor message) => [.. message.Oneofs.Take(message.RealOneofCount)];
}
