using Grpc.Core;
using Grpc.Health.V1;
using SpamGuard.Server;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using SpamGuard.V1;
using Microsoft.Extensions.DependencyInjection;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.IntegrationTests.Processes;

namespace SpamGuard.IntegrationTests.Desk;

/// <summary>Where people behind addresses are answered: on every desk, and nowhere else.</summary>
public sealed class SubjectServedTests
{
    [Theory]
    [InlineData("Development", true, true)]
    [InlineData("Development", false, false)]
    [InlineData("Production", true, true)]
    [InlineData("Production", false, false)]
    public async Task Inspect_IsServed_OnADeskOnly(string environment, bool desk, bool served)
    {
        const string Identity = "spiffe://example.org/tests";
        using var pepper = new PepperFile();
        using var volume = new LedgerVolume();
        using var mounted = new TestCallers($"callers: {{tests: {{identities: [{Identity}], roles: [privacy]}}}}\n");
        var builder = ServerFixture.Builder(
            new LogCapture(),
            new Dictionary<string, string?>([.. mounted.Settings, .. volume.Settings], StringComparer.Ordinal)
            {
                ["Desk:Enabled"] = desk ? "true" : "false",
                ["Pepper:Path"] = pepper.Path,
                ["ConnectionStrings:Signals"] = "127.0.0.1:1",
                ["ConnectionStrings:Desk"] = "127.0.0.1:1",
                ["Drain:Delay"] = "00:00:00",
            },
            environment);
        await using var app = await SpamGuardServer.BuildAsync(builder);
        await app.StartAsync().DefaultTimeout();
        var channel = mounted.Channel($"https://{app.Services.GetRequiredService<BoundListeners>().Authority(Listener.Grpc)}", mounted.Client(Identity));

        var request = new InspectRequest { Address = "71.21.0.1", Attestation = "card" };
        var error = await Assert.ThrowsAsync<RpcException>(() => new SubjectService.SubjectServiceClient(channel).InspectAsync(request).ResponseAsync.DefaultTimeout());
        var health = new HealthCheckRequest { Service = SubjectService.Descriptor.FullName };
        var healthy = new global::Grpc.Health.V1.Health.HealthClient(channel).CheckAsync(health).ResponseAsync.DefaultTimeout();

        // There is no store here: who is served is told so.
        Assert.Equal(served ? StatusCode.Unavailable : StatusCode.Unimplemented, error.StatusCode);
        if (served)
        {
            Assert.Equal("STORE_UNAVAILABLE", error.Info().Reason);
            Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await healthy).Status);
        }
        else
        {
            Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => healthy)).StatusCode);
        }

        await app.StopAsync().DefaultTimeout();
    }
}
