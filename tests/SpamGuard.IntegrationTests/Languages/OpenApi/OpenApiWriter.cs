using System.Globalization;
using System.Text.Json.Nodes;
using Google.Api;
using Google.Protobuf.Reflection;
using SpamGuard.Server.Callers;

namespace SpamGuard.IntegrationTests.Languages.OpenApi;

/// <summary>Makes <c>protos/openapi.yaml</c> of the descriptors: what the transcoding serves, with the comments of the protos.</summary>
internal static class OpenApiWriter
{
    private const string Description = """
        Given this IP address, is this event likely spam? The methods of the gRPC services as JSON, over HTTP/1.1; `EpochService` is there by gRPC only.

        Property names are taken in the form of the protos too (`request_id`), and unknown ones ignored. Enumerations and objects grow: treat what is unknown as if it were not there.

        Outside of development a client certificate says who calls, and its roles what may be called. Paths of a service that a process does not serve are not there: the desk's are on the desk only.
        """;

    /// <summary>The whole document.</summary>
    public static JsonObject Write(IReadOnlyList<FileDescriptor> files)
    {
        var methods = Protos.JsonMethods(files).OrderBy(static one => one.Method.FullName, StringComparer.Ordinal).ToList();
        var schemas = new OpenApiSchemas(Answers(files, methods.Select(static one => one.Method)));
        var paths = new JsonObject();
        foreach (var (method, rule) in methods)
        {
            var (verb, path) = Protos.Route(rule);
            var operations = paths[path] as JsonObject ?? [];
            operations[verb.ToLowerInvariant()] = Operation(method, rule, schemas);
            paths[path] = operations;
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "SpamGuard",
                ["version"] = "v1",
                ["description"] = Description,
                ["license"] = new JsonObject { ["name"] = "Apache-2.0", ["identifier"] = "Apache-2.0" },
            },
            ["servers"] = new JsonArray(
                new JsonObject
                {
                    ["url"] = "https://{host}:5081",
                    ["description"] = "With client certificates.",
                    ["variables"] = new JsonObject { ["host"] = new JsonObject { ["default"] = "localhost" } },
                },
                new JsonObject { ["url"] = "http://127.0.0.1:5081", ["description"] = "In development: no certificates, and everything is served." }),
            ["security"] = new JsonArray(new JsonObject { ["clientCertificate"] = new JsonArray() }),
            ["tags"] = new JsonArray([.. methods.Select(static one => one.Method.Service).Distinct().Select(static service => new JsonObject
            {
                ["name"] = service.Name,
                ["description"] = OpenApiSchemas.Comment(service),
            })]),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = new JsonObject(OpenApiErrors.Schemas(schemas, files).Select(static one => KeyValuePair.Create(one.Key, (JsonNode?)one.Value))),
                ["responses"] = OpenApiErrors.Responses(),
                ["securitySchemes"] = new JsonObject
                {
                    ["clientCertificate"] = new JsonObject
                    {
                        ["type"] = "mutualTLS",
                        ["description"] = "A certificate of an authority that the service trusts, with a URI or a DNS name that its file of callers has.",
                    },
                },
            },
        };
    }

    private static HashSet<string> Answers(IEnumerable<FileDescriptor> files, IEnumerable<MethodDescriptor> methods)
    {
        var all = methods.ToList();
        var errors = files.Where(static file => file.Package == "google.rpc").SelectMany(static file => file.MessageTypes);
        return OpenApiSchemas.Within(all.Select(static method => method.OutputType).Concat(errors))
            .Except(OpenApiSchemas.Within(all.Select(static method => method.InputType)), StringComparer.Ordinal)
            .ToHashSet(StringComparer.Ordinal);
    }

    private static JsonObject Operation(MethodDescriptor method, HttpRule rule, OpenApiSchemas schemas)
    {
        var name = OpenApiSchemas.Name(method);
        var comment = OpenApiSchemas.Comment(method);
        var roles = string.Join(", ", CallerRoleNames.Of(MethodRoles.All[$"/{method.Service.FullName}/{method.Name}"]).Select(static role => $"`{role}`"));
        var operation = new JsonObject
        {
            ["operationId"] = name.Replace('.', '_'),
            ["tags"] = new JsonArray(method.Service.Name),
            ["summary"] = comment.Split(". ")[0].Split(": ")[0].TrimEnd('.'),
            ["description"] = $"{comment}\n\nRoles that may: {roles}.",
        };
        if (rule.Body == "*")
        {
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content(schemas.Of(method.InputType), OpenApiExamples.Request(name)) };
        }
        else if (method.InputType.Fields.InFieldNumberOrder() is { Count: > 0 } fields)
        {
            operation["parameters"] = new JsonArray([.. fields.Select(field => Parameter(field, rule, schemas))]);
        }

        operation["responses"] = new JsonObject(
        [
            KeyValuePair.Create("200", (JsonNode?)new JsonObject
            {
                ["description"] = OpenApiSchemas.Comment(method.OutputType),
                ["content"] = Content(schemas.Of(method.OutputType), OpenApiExamples.Answer(name)),
            }),
            .. OpenApiErrors.Of(method),
        ]);
        return operation;
    }

    private static JsonObject Parameter(FieldDescriptor field, HttpRule rule, OpenApiSchemas schemas)
    {
        var isInPath = rule.Get.Contains(string.Create(CultureInfo.InvariantCulture, $"{{{field.Name}}}"), StringComparison.Ordinal);
        var schema = schemas.Of(field);
        var description = schema["description"]!.GetValue<string>();
        schema.Remove("description");
        return new JsonObject
        {
            ["name"] = isInPath ? field.Name : field.JsonName,
            ["in"] = isInPath ? "path" : "query",
            ["required"] = isInPath,
            ["description"] = description,
            ["schema"] = schema,
        };
    }

    private static JsonObject Content(JsonObject schema, JsonNode? example)
    {
        var media = new JsonObject { ["schema"] = schema };
        if (example is not null)
        {
            media["example"] = example;
        }

        return new JsonObject { ["application/json"] = media };
    }
}
