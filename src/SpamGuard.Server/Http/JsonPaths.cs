using Microsoft.AspNetCore.Routing.Template;
using SpamGuard.Server.Listeners;

namespace SpamGuard.Server.Http;

/// <summary>What the HTTP listener serves, for whoever asked it for something else.</summary>
internal static class JsonPaths
{
    /// <summary>The methods of HTTP by which a request's path is served there; none where it is not.</summary>
    public static IReadOnlyList<string> Methods(HttpContext context) =>
    [
        .. context.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<ServedOn>()?.Listener is Listener.Http && Matches(endpoint, context.Request.Path))
            .SelectMany(static endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
            .Distinct(StringComparer.Ordinal),
    ];

    private static bool Matches(RouteEndpoint endpoint, PathString path) => new TemplateMatcher(TemplateParser.Parse(endpoint.RoutePattern.RawText!), []).TryMatch(path, []);
}
