using System.Reflection;
using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using SpamGuard.Server.Callers;
using SpamGuard.Server.Grpc;

namespace SpamGuard.IntegrationTests.Languages.OpenApi;

/// <summary>Errors as the service answers them: <c>google.rpc.Status</c> with its details.</summary>
internal static class OpenApiErrors
{
    /// <summary>The messages of details, in the order in which they are answered.</summary>
    private static readonly string[] Details = ["ErrorInfo", "BadRequest", "QuotaFailure", "RetryInfo"];

    private static readonly (int Http, string Name, string When)[] Answers =
    [
        (400, "Unacceptable", "`INVALID_ARGUMENT`: fields that can't be taken, all at once, or a body that can't be read. `FAILED_PRECONDITION`: what a token speaks of is no longer kept, or a disclosure is in another state."),
        (401, "Unauthenticated", "`UNAUTHENTICATED`: no client certificate, or none that is good here."),
        (403, "Forbidden", "`PERMISSION_DENIED`: the caller is not known, has not the role, or may not do just this."),
        (404, "NotFound", "`NOT_FOUND`: there is none of that id."),
        (429, "Exhausted", "`RESOURCE_EXHAUSTED`: the caller's quota is used up, or there is as much as there may be. A RetryInfo says when to try again, where that helps."),
        (500, "Failed", "`INTERNAL`: a fault of the service; its log says which."),
        (503, "Unavailable", "`UNAVAILABLE`: the store, the ledger or enough replicas are away. Worth a retry, with the same `requestId`."),
    ];

    private static readonly string[] WithAnId =
        ["OverrideService.Clear", "DisclosureService.Decide", "DisclosureService.Execute", "DisclosureService.Get"];

    /// <summary>The errors of a method, by the status code of HTTP.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> Of(MethodDescriptor method) => Answers
        .Where(answer => answer.Http != 404 || WithAnId.Contains(OpenApiSchemas.Name(method), StringComparer.Ordinal))
        .Select(static answer => KeyValuePair.Create($"{answer.Http}", (JsonNode?)new JsonObject { ["$ref"] = $"#/components/responses/{answer.Name}" }));

    /// <summary>What they refer to.</summary>
    public static JsonObject Responses() => new(Answers.Select(static answer => KeyValuePair.Create(answer.Name, (JsonNode?)new JsonObject
    {
        ["description"] = answer.When,
        ["content"] = new JsonObject
        {
            ["application/json"] = new JsonObject { ["schema"] = OpenApiSchemas.Reference("Status"), ["example"] = OpenApiExamples.Error(answer.Http) },
        },
    })));

    /// <summary>Adds the schemas of errors.</summary>
    public static IReadOnlyDictionary<string, JsonObject> Schemas(OpenApiSchemas schemas, IEnumerable<FileDescriptor> files)
    {
        var known = files.SelectMany(static file => file.MessageTypes).ToDictionary(static message => message.FullName, StringComparer.Ordinal);
        schemas.Of(known["google.rpc.Status"]);
        var all = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var detail in Details)
        {
            schemas.Of(known[$"google.rpc.{detail}"]);
        }

        foreach (var (name, schema) in schemas.All)
        {
            all[name] = schema;
        }

        foreach (var detail in Details)
        {
            var properties = all[detail]["properties"]!.AsObject();
            properties.Insert(0, "@type", new JsonObject { ["type"] = "string", ["const"] = TypeOf(detail) });
            all[detail]["required"] = new JsonArray([JsonValue.Create("@type"), .. (all[detail]["required"] as JsonArray ?? []).Select(static one => one!.DeepClone())]);
        }

        all["Status"]["description"] = "An error. `code` is that of `google.rpc.Code`, `message` for people, `details` for programs: an ErrorInfo always, and what belongs to it.";
        all["ErrorInfo"]["description"] = "Why, for programs. `domain` is `spamguard`.";
        all["ErrorInfo"]["properties"]!["reason"]!["description"] = $"The set grows: treat an unknown one by the status. Now: {string.Join(", ", Reasons())}.";
        all["BadRequest"]["description"] = "All fields that can't be taken, by the paths of the protos, such as `event.address` or `requests[3].request_id`. No text of it holds what was sent.";
        all["QuotaFailure"]["description"] = "Which quota is used up, and how large it is.";
        all["RetryInfo"]["description"] = "The shortest wait before a retry.";
        all["ErrorDetail"] = new JsonObject
        {
            ["description"] = "A detail of an error. Treat an unknown `@type` as none.",
            ["oneOf"] = new JsonArray([.. Details.Select(OpenApiSchemas.Reference)]),
            ["discriminator"] = new JsonObject
            {
                ["propertyName"] = "@type",
                ["mapping"] = new JsonObject(Details.Select(static detail => KeyValuePair.Create(TypeOf(detail), (JsonNode?)JsonValue.Create(OpenApiSchemas.Prefix + detail)))),
            },
        };
        return all;
    }

    private static string TypeOf(string detail) => $"type.googleapis.com/google.rpc.{detail}";

    private static IEnumerable<string> Reasons() => typeof(ErrorReasons).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static field => (string)field.GetRawConstantValue()!)
        .Concat(Refusals.All.Select(static refusal => refusal.Reason()))
        .Order(StringComparer.Ordinal)
        .Select(static reason => $"`{reason}`");
}
