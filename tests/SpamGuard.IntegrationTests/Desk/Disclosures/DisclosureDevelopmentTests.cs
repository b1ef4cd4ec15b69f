using Grpc.Core;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Testing;
using SpamGuard.V1;
using static SpamGuard.IntegrationTests.Desk.Disclosures.DisclosureFixture;

namespace SpamGuard.IntegrationTests.Desk.Disclosures;

/// <summary>Where callers are not told apart there is no second person.</summary>
public sealed class DisclosureDevelopmentTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Decide_InDevelopment_IsRefusedAndSaysWhy()
    {
        var client = new DisclosureService.DisclosureServiceClient(server.Channel);
        var opened = await client.OpenAsync(Order("85.1.0.1")).ResponseAsync.DefaultTimeout();

        var error = await Assert.ThrowsAsync<RpcException>(() => client.DecideAsync(Decision(opened, "85.1.0.1")).ResponseAsync.DefaultTimeout());

        Assert.Equal((StatusCode.PermissionDenied, "SAME_PERSON"), (error.StatusCode, error.Info().Reason));
        Assert.Equal(
            "An order needs a second person, and whether this is one can't be told: this connection, or that of who opened the order, showed this service no certificate. "
                + "Where callers are not told apart, as in development, and behind a sidecar, no order can be approved.",
            error.Status.Detail);
    }
}
