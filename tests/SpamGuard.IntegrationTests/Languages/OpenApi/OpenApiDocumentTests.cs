using Google.Api;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.Routing;
using SpamGuard.IntegrationTests.Privacy;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Languages.OpenApi;

/// <summary>The document that is checked in says what the protos say, and names what the server maps.</summary>
public sealed class OpenApiDocumentTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Document_CheckedIn_IsThatOfTheProtos()
    {
        var text = OpenApiFile.Text(OpenApiWriter.Write(await Protos.CurrentAsync()));
        if (Environment.GetEnvironmentVariable("SPAMGUARD_WRITE_OPENAPI") == "1")
        {
            await File.WriteAllTextAsync(OpenApiFile.FilePath, text);
        }

        Assert.True(
            text == await File.ReadAllTextAsync(OpenApiFile.FilePath),
            "Make it anew: SPAMGUARD_WRITE_OPENAPI=1 dotnet test tests/SpamGuard.IntegrationTests --filter OpenApiDocumentTests");
    }

    [Fact]
    public void Document_AsItIsRead_IsThatWhichWasWritten()
    {
        var document = OpenApiFile.Read();

        Assert.Equal("3.1.0", document["openapi"]!.GetValue<string>());
        Assert.Equal(OpenApiFile.Text(document), File.ReadAllText(OpenApiFile.FilePath));
    }

    // The pattern of the route itself, and not that of the proto: it is what a request is matched by.
    [Fact]
    public void Paths_OfTheDocument_AreThoseThatTheServerMaps()
    {
        var mapped = ((IEndpointRouteBuilder)server.App).DataSources.SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(static endpoint => endpoint.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is not null)
            .SelectMany(static endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Select(verb => $"{verb} {Template(endpoint)}"));
        var written = OpenApiFile.Read()["paths"]!.AsObject().SelectMany(static path => path.Value!.AsObject().Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}"));

        Assert.Equal(mapped.Order(StringComparer.Ordinal), written.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Operations_OfTheDocument_AreEveryMethodButThoseWithoutAPath() => Assert.Equal(
        ServiceDescriptors.All.SelectMany(static service => service.Methods).Where(static method => method.GetOptions()?.GetExtension(AnnotationsExtensions.Http) is not null)
            .Select(static method => $"{method.Service.Name}_{method.Name}").Order(StringComparer.Ordinal),
        OpenApiFile.Read()["paths"]!.AsObject().SelectMany(static path => path.Value!.AsObject()).Select(static operation => operation.Value!["operationId"]!.GetValue<string>())
            .Order(StringComparer.Ordinal));

    private static string Template(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>()!.HttpRule is var rule
        && endpoint.RoutePattern.RawText!.TrimStart('/').Split('{')[0] == Protos.Route(rule).Path.TrimStart('/').Split('{')[0]
            ? Protos.Route(rule).Path
            : endpoint.RoutePattern.RawText!;
}
