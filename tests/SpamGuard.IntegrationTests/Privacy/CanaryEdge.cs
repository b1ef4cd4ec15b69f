using System.Net;
using Envoy.Service.Auth.V3;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;
using SpamGuard.IntegrationTests.Edge;
using SpamGuard.Testing;
using SpamGuard.Testing.Privacy;

namespace SpamGuard.IntegrationTests.Privacy;

/// <summary>The canaries as proxies ask about them: Envoy, and those that ask by HTTP.</summary>
/// <param name="channel">To the server, by gRPC.</param>
/// <param name="http">Its HTTP listener, which believes loopback.</param>
/// <param name="answers">Takes what is answered.</param>
internal sealed class CanaryEdge(GrpcChannel channel, string http, AnswerSink answers)
{
    /// <summary>The header that the server under test is told to look at.</summary>
    public const string AddressHeader = "x-envoy-external-address";

    private static readonly (string, string) Cookie = ("cookie", $"last={Canaries.V4}");
    private static readonly string[] Addresses = [Canaries.V4, Canaries.V4Mapped, Canaries.V6, Canaries.V6Upper];

    /// <summary>Everything that works; returns what was sent.</summary>
    public async Task<MessageDescriptor> GoodAsync()
    {
        foreach (var address in Addresses)
        {
            foreach (var kind in (string[])["sign_up", "message"])
            {
                Assert.Equal(StatusCode.OK, await CheckAsync(EnvoyQuestion.Of(kind, address, Cookie)));
                Assert.Equal(StatusCode.OK, await CheckAsync(EnvoyQuestion.Of(kind, "127.0.0.1", (AddressHeader, address), Cookie, ("x-forwarded-for", address))));
                Assert.NotEqual(HttpStatusCode.BadRequest, await AuthzAsync($"?kind={kind}", address));
            }
        }

        return CheckRequest.Descriptor;
    }

    /// <summary>Everything that a proxy can do wrong with an address in hand, and what its client can.</summary>
    public async Task BadAsync()
    {
        foreach (var address in Addresses)
        {
            Assert.Equal(StatusCode.InvalidArgument, await CheckAsync(EnvoyQuestion.Of(address, address)));
            Assert.Equal(StatusCode.InvalidArgument, await CheckAsync(EnvoyQuestion.Of("sign_up", address + "%eth0")));
            Assert.Equal(StatusCode.InvalidArgument, await CheckAsync(EnvoyQuestion.Of("sign_up", $"for={address}", (AddressHeader, $"{address}, {address}"))));
            Assert.Equal(HttpStatusCode.BadRequest, await AuthzAsync($"?kind={address}&challenge={address}&{address}=1", address));
            Assert.NotEqual(HttpStatusCode.BadRequest, await AuthzAsync("?kind=message", $"for={address}, unknown"));
            Assert.NotEqual(HttpStatusCode.BadRequest, await AuthzAsync("?kind=message", $"[{address}"));
            Assert.Equal(HttpStatusCode.MethodNotAllowed, await AuthzAsync($"?kind={address}", address, HttpMethod.Post));
        }
    }

    private async Task<StatusCode> CheckAsync(CheckRequest request)
    {
        try
        {
            using var call = EnvoyQuestion.Client(channel).CheckAsync(request, CanaryCalls.Forwarded);
            var answer = await call.ResponseAsync.DefaultTimeout();
            answers.Add(answer);
            answers.AddToken(answer.DynamicMetadata.Fields["decision_token"].StringValue);
            answers.Add(await call.ResponseHeadersAsync.DefaultTimeout());
            answers.Add(call.GetTrailers());
            return StatusCode.OK;
        }
        catch (RpcException error)
        {
            answers.Add(error);
            return error.StatusCode;
        }
    }

    private async Task<HttpStatusCode> AuthzAsync(string query, string forwardedFor, HttpMethod? method = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, new Uri($"{http}/authz{query}"));
        foreach (var header in CanaryCalls.Forwarded.Where(static header => header.Key != "x-forwarded-for"))
        {
            request.Headers.Add(header.Key, header.Value);
        }

        request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwardedFor);
        using var response = await client.SendAsync(request).DefaultTimeout();
        answers.Add(await response.Content.ReadAsStringAsync().DefaultTimeout());
        answers.Add(response.Headers.ToString());
        if (response.Headers.TryGetValues("X-SpamGuard-Decision-Token", out var tokens))
        {
            answers.AddToken(tokens.Single());
        }

        return response.StatusCode;
    }
}
