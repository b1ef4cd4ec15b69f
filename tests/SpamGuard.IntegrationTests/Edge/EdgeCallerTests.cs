using System.Net;
using Grpc.Core;
using SpamGuard.IntegrationTests.Callers;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Edge;

/// <summary>Proxies are callers: their purposes and quotas bind them, and what they may not do turns nobody away who stands before them.</summary>
public sealed class EdgeCallerTests(CallerServerFixture server) : IClassFixture<CallerServerFixture>
{
    private const string Client = "25.7.0.1";

    [Fact]
    public async Task Check_BeyondThePurpose_IsAnErrorOfGrpc()
    {
        var client = EnvoyQuestion.Client(server.As("forms"));

        var answer = await client.CheckAsync(EnvoyQuestion.Of("sign_up", Client)).ResponseAsync.DefaultTimeout();
        var error = await Assert.ThrowsAsync<RpcException>(() => client.CheckAsync(EnvoyQuestion.Of("message", Client)).ResponseAsync.DefaultTimeout());

        Assert.Equal("forms", server.CallerOf(answer.DynamicMetadata.Fields["decision_token"].StringValue));
        Assert.Equal((StatusCode.PermissionDenied, "PURPOSE_NOT_ALLOWED"), (error.StatusCode, error.Info().Reason));
    }

    [Fact]
    public async Task Authz_BeyondThePurpose_IsNeither401Nor403()
    {
        var client = server.Json(server.Mounted.Client(CallerServerFixture.Uri("forms")));

        Assert.Equal(HttpStatusCode.NoContent, (await AskAsync(client, "sign_up")).Status);
        var (status, body) = await AskAsync(client, "message");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("PURPOSE_NOT_ALLOWED", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/authz?kind=sign_up")]
    [InlineData("/authz/?kind=sign_up")] // as routing takes it
    [InlineData("/AUTHZ/?kind=sign_up")]
    public async Task Authz_WithoutACertificate_IsNeither401Nor403(string path)
    {
        using var response = await server.Json(certificate: null).GetAsync(new Uri(path, UriKind.Relative)).DefaultTimeout();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, null), (response.StatusCode, response.Headers.RetryAfter));
    }

    [Fact]
    public async Task Both_BeyondTheQuota_TakeFromTheSameAndAreNoDenial()
    {
        var certificate = server.Mounted.Client(CallerServerFixture.Uri("score-limited"));
        var (grpc, http) = (EnvoyQuestion.Client(server.With(certificate)), server.Json(certificate));
        for (var i = 0; i < 5; i++)
        {
            if (i % 2 == 0)
            {
                await grpc.CheckAsync(EnvoyQuestion.Of("message", Client)).ResponseAsync.DefaultTimeout();
            }
            else
            {
                Assert.NotEqual(HttpStatusCode.ServiceUnavailable, (await AskAsync(http, "message")).Status);
            }
        }

        var error = await Assert.ThrowsAsync<RpcException>(() => grpc.CheckAsync(EnvoyQuestion.Of("message", Client)).ResponseAsync.DefaultTimeout());
        var (status, body) = await AskAsync(http, "message");

        Assert.Equal((StatusCode.ResourceExhausted, HttpStatusCode.ServiceUnavailable), (error.StatusCode, status));
        Assert.Contains("QUOTA_EXCEEDED", body, StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(HttpClient client, string kind)
    {
        using var response = await client.GetAsync(new Uri($"/authz?kind={kind}", UriKind.Relative)).DefaultTimeout();
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
