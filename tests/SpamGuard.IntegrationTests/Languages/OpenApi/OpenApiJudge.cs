using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace SpamGuard.IntegrationTests.Languages.OpenApi;

/// <summary>Holds what goes over the wire against the schemas of the document, closed: what the document does not name is a fault.</summary>
internal sealed class OpenApiJudge
{
    private const string Definitions = "#/$defs/";
    private static readonly EvaluationOptions Strict = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    private readonly JsonObject _document = OpenApiFile.Read();
    private readonly Dictionary<string, JsonSchema> _schemas = new(StringComparer.Ordinal);

    /// <summary>Every operation: verb, path and what stands there.</summary>
    public IEnumerable<(string Verb, string Path, JsonObject Operation)> Operations =>
        from path in _document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select (operation.Key.ToUpperInvariant(), path.Key, operation.Value!.AsObject());

    /// <summary>The operation of a method, such as <c>ScoringService_Score</c>.</summary>
    public (string Verb, string Path, JsonObject Operation) Of(string id) => Operations.Single(one => one.Operation["operationId"]!.GetValue<string>() == id);

    /// <summary>What is wrong with a request; empty where nothing is.</summary>
    public string Request(string id, string body) => Of(id).Operation["requestBody"] is { } request ? Faults(Schema(request), body) : "";

    /// <summary>What is wrong with an answer.</summary>
    public string Answer(string id, int http, string body)
    {
        if (Of(id).Operation["responses"]![$"{http}"] is not { } answer)
        {
            return $"{http} is not documented.";
        }

        return Faults(Schema(answer["$ref"] is { } reference ? _document["components"]!["responses"]![reference.GetValue<string>().Split('/')[^1]]! : answer), body);
    }

    private static string Schema(JsonNode holder) => holder["content"]!["application/json"]!["schema"]!["$ref"]!.GetValue<string>();

    private string Faults(string reference, string body)
    {
        if (!_schemas.TryGetValue(reference, out var schema))
        {
            schema = _schemas[reference] = Closed(reference);
        }

        using var document = JsonDocument.Parse(body);
        var result = schema.Evaluate(document.RootElement, Strict);
        return result.IsValid
            ? ""
            : string.Join('\n', ["It is not valid.", .. (result.Details ?? []).Where(static detail => detail.Errors is not null).SelectMany(static detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Value}"))]);
    }

    private JsonSchema Closed(string reference)
    {
        var schemas = _document["components"]!["schemas"]!.DeepClone().AsObject();
        foreach (var schema in schemas)
        {
            schema.Value!.AsObject().Remove("discriminator"); // a word of OpenAPI, and none of JSON Schema
        }

        foreach (var schema in schemas.Select(static one => one.Value!.AsObject()).Where(static schema => schema.ContainsKey("properties")))
        {
            schema["additionalProperties"] = false;
        }

        var text = new JsonObject { ["$ref"] = reference, ["$defs"] = schemas }.ToJsonString().Replace(OpenApiSchemas.Prefix, Definitions, StringComparison.Ordinal);
        return JsonSchema.FromText(text);
    }
}
