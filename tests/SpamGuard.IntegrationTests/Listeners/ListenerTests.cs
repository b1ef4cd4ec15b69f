using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Listeners;

/// <summary>Every endpoint on every port, with its own Host header and with forged ones: served where it belongs and nowhere else.</summary>
public sealed class ListenerTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public void Endpoints_All_BelongToExactlyOneListener()
    {
        Assert.NotEmpty(Endpoints);
        Assert.All(Endpoints, endpoint => Assert.Single(endpoint.Metadata.OfType<ServedOn>()));
        Assert.Equal(ServerFixture.Listeners, Endpoints.Select(ListenerOf).Distinct().Order());
    }

    [Fact]
    public async Task Request_EveryEndpointOnEveryPort_IsServedByItsOwnListenerOnly()
    {
        var wrong = new List<string>();
        using var client = new HttpClient();
        foreach (var endpoint in Endpoints)
        {
            foreach (var port in ServerFixture.Listeners)
            {
                foreach (var host in Hosts())
                {
                    using var request = Request(endpoint, port, host);
                    using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).DefaultTimeout();
                    var served = response.StatusCode != HttpStatusCode.NotFound;
                    if (served != (ListenerOf(endpoint) == port))
                    {
                        wrong.Add($"{endpoint.RoutePattern.RawText} on {port} as '{host}': {response.StatusCode}");
                    }
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/nothing")]
    [InlineData("/spamguard.v1.ScoringService/Nothing")]
    public async Task Request_UnknownPath_IsNotFoundOnEveryPort(string path)
    {
        using var client = new HttpClient();
        foreach (var port in ServerFixture.Listeners)
        {
            using var request = Request(HttpMethod.Post, path, port, host: null);
            using var response = await client.SendAsync(request).DefaultTimeout();

            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    [Fact]
    public async Task Request_WrongMethodOnTheRightPort_IsNotAllowed()
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri(server.Url(Listener.Http) + "/v1/events:score")).DefaultTimeout();

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    private IReadOnlyList<RouteEndpoint> Endpoints =>
        [.. server.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()];

    private static Listener ListenerOf(RouteEndpoint endpoint) => endpoint.Metadata.GetRequiredMetadata<ServedOn>().Listener;

    /// <summary>None of its own, and those of all other listeners.</summary>
    private IEnumerable<string?> Hosts() => ServerFixture.Listeners.Select(listener => (string?)new Uri(server.Url(listener)).Authority).Prepend(null);

    private HttpRequestMessage Request(RouteEndpoint endpoint, Listener port, string? host)
    {
        var methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods;
        return Request(new HttpMethod(methods is { Count: > 0 } ? methods[0] : "GET"), endpoint.RoutePattern.RawText!, port, host);
    }

    private HttpRequestMessage Request(HttpMethod method, string path, Listener port, string? host)
    {
        var isGrpc = port == Listener.Grpc;
        var request = new HttpRequestMessage(method, server.Url(port) + '/' + path.TrimStart('/'))
        {
            Version = isGrpc ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Host = host;
        if (method == HttpMethod.Post)
        {
            request.Content = new ByteArrayContent(isGrpc ? new byte[5] : "{}"u8.ToArray());
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(isGrpc ? "application/grpc" : "application/json");
        }

        return request;
    }
}
