using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Server.Http;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Edge;

/// <summary>What fails is no denial, and a store that is away is no failure.</summary>
public sealed class EdgeFaultTests(StoreAwayTests.NoStoreFixture server) : IClassFixture<StoreAwayTests.NoStoreFixture>
{
    public static TheoryData<StatusCode> Errors => [.. Enum.GetValues<StatusCode>().Where(static code => code != StatusCode.OK)];

    [Fact]
    public async Task Both_WhileTheStoreIsAway_HaveAVerdictThatSaysSo()
    {
        var check = await EnvoyQuestion.Client(server.Channel).CheckAsync(EnvoyQuestion.Of("sign_up", "25.88.0.1")).ResponseAsync.DefaultTimeout();
        using var http = new HttpClient();
        using var authz = await http.GetAsync(new Uri(server.Url(Listener.Http) + "/authz?kind=sign_up")).DefaultTimeout();

        Assert.Equal((0, "degraded"), (check.Status.Code, check.DynamicMetadata.Fields["quality"].StringValue));
        Assert.Equal(HttpStatusCode.NoContent, authz.StatusCode);
        Assert.Equal(["degraded"], authz.Headers.GetValues("X-SpamGuard-Quality"));
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task Authz_WithAnyError_IsNoStatusOfAVerdict(StatusCode code)
    {
        var context = new DefaultHttpContext();

        await AuthzEndpoint.WriteAsync(context, new Google.Rpc.Status { Code = (int)code });

        Assert.Equal(code switch { StatusCode.InvalidArgument => 400, StatusCode.Internal => 500, _ => 503 }, context.Response.StatusCode);
    }
}
