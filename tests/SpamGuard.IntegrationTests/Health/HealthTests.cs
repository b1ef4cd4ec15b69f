using System.Net;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using Microsoft.Extensions.DependencyInjection;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.IntegrationTests.Privacy;
using SpamGuard.Server.Health;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using HealthClient = Grpc.Health.V1.Health.HealthClient;

namespace SpamGuard.IntegrationTests.Health;

/// <summary>What a kubelet, a load balancer and a curious developer ask.</summary>
public sealed class HealthTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    /// <summary>On a laptop one process is everything.</summary>
    public static TheoryData<string> Known => ["", "liveness", "readiness", .. ServiceDescriptors.All.Select(static service => service.FullName)];

    [Theory]
    [MemberData(nameof(Known))]
    public async Task Check_KnownService_IsServing(string service)
    {
        var response = await new HealthClient(server.Channel)
            .CheckAsync(new HealthCheckRequest { Service = service }).ResponseAsync.DefaultTimeout();

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, response.Status);
    }

    [Fact]
    public async Task Check_UnknownService_IsNotFound()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => new HealthClient(server.Channel)
            .CheckAsync(new HealthCheckRequest { Service = "nothing" }).ResponseAsync.DefaultTimeout());

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Theory]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    public async Task Get_Health_IsHealthy(string path) => Assert.Equal("Healthy", await server.GetAsync(Listener.Health, path));

    [Fact]
    public async Task Reflection_InDevelopment_ListsTheServices()
    {
        using var call = new ServerReflection.ServerReflectionClient(server.Channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" }).DefaultTimeout();
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).DefaultTimeout());

        var services = call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name).ToList();

        Assert.Subset(services.ToHashSet(StringComparer.Ordinal), ServiceDescriptors.All.Select(static service => service.FullName).ToHashSet(StringComparer.Ordinal));
        await call.RequestStream.CompleteAsync().DefaultTimeout();
    }

    [Fact]
    public async Task Drain_Begun_IsUnreadyAndAliveAndStillServes()
    {
        var draining = new ServerFixture();
        await draining.InitializeAsync();
        draining.Services.GetRequiredService<Readiness>().Drain();

        using var client = new HttpClient();
        using var ready = await client.GetAsync(new Uri(draining.Url(Listener.Health) + "/readyz")).DefaultTimeout();
        var live = await draining.GetAsync(Listener.Health, "/livez");
        var health = await new HealthClient(draining.Channel).CheckAsync(new HealthCheckRequest()).ResponseAsync.DefaultTimeout();
        var score = await draining.Scoring.ScoreAsync(new V1.ScoreRequest { Event = Events.SignUp("8.8.8.8") }).ResponseAsync.DefaultTimeout();
        await draining.DisposeAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("Healthy", live);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, health.Status);
        Assert.NotNull(score.Assessment);
    }
}
