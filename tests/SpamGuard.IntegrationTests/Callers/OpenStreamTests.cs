using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Reflection.V1Alpha;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using HealthClient = Grpc.Health.V1.Health.HealthClient;

namespace SpamGuard.IntegrationTests.Callers;

/// <summary>A call that was let in and stays open ends once its caller would be let in no more; others on the same connection go on.</summary>
public sealed class OpenStreamTests : IAsyncLifetime
{
    private static readonly string Watcher = CallerServerFixture.Uri("r1");
    private readonly CallerServerFixture _server = new();

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Watch_SerialIsDenied_Ends()
    {
        var certificate = _server.Mounted.Client(Watcher);
        using var watch = await WatchAsync(_server.With(certificate));
        using var bystander = await WatchAsync(_server.With(_server.Mounted.Client(Watcher)));

        _server.Mounted.Exchange("denied.txt", $"serial {certificate.Serial}\n");

        await EndsAsync(watch.ResponseStream);
        Assert.True(await StaysOpenAsync(bystander));
        Assert.Contains("spamguard_calls_refused_total{reason=\"CERTIFICATE_DENIED\"} 1\n", await _server.MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reflection_CallerIsTakenAway_Ends()
    {
        using var reflection = new ServerReflection.ServerReflectionClient(_server.With(_server.Mounted.Client(Watcher))).ServerReflectionInfo();
        await reflection.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" }).DefaultTimeout();
        Assert.True(await reflection.ResponseStream.MoveNext(CancellationToken.None).DefaultTimeout());

        _server.Mounted.Exchange("callers.yaml", $"callers: {{someone: {{identities: [{CallerServerFixture.Uri("someone")}], roles: [scorer]}}}}\n");

        await EndsAsync(reflection.ResponseStream);
    }

    [Fact]
    public async Task Watch_BehindASidecarWhoseClientIsDenied_EndsByItself()
    {
        using var sidecar = GrpcChannel.ForAddress(_server.Url(Listener.Sidecar));
        using var watch = await WatchAsync(sidecar, Watcher);
        using var other = await WatchAsync(sidecar, CallerServerFixture.Uri("r2")); // on the same connection

        _server.Mounted.Exchange("denied.txt", $"san {Watcher}\n");

        await EndsAsync(watch.ResponseStream);
        Assert.True(await StaysOpenAsync(other));
    }

    private static async Task<AsyncServerStreamingCall<HealthCheckResponse>> WatchAsync(GrpcChannel channel, string? forwarded = null)
    {
        var watch = new HealthClient(channel).Watch(new HealthCheckRequest { Service = "liveness" }, forwarded is null ? null : new Metadata { { "x-forwarded-client-cert", $"URI={forwarded}" } });
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None).DefaultTimeout());
        return watch;
    }

    private static async Task EndsAsync<T>(IAsyncStreamReader<T> stream)
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await stream.MoveNext(CancellationToken.None).DefaultTimeout())
            {
                // a change of health on the way
            }
        });
        Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);
    }

    /// <summary>Whether nothing but our own cancellation ends it.</summary>
    private static async Task<bool> StaysOpenAsync(AsyncServerStreamingCall<HealthCheckResponse> watch)
    {
        using var stop = new CancellationTokenSource();
        var next = watch.ResponseStream.MoveNext(stop.Token);
        await stop.CancelAsync();
        var error = await Assert.ThrowsAsync<RpcException>(() => next.DefaultTimeout());
        return error.StatusCode == StatusCode.Cancelled;
    }
}
