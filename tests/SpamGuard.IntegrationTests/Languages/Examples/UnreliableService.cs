using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SpamGuard.Server.Http;
using SpamGuard.Testing;
using SpamGuard.V1;
using Status = Google.Rpc.Status;

namespace SpamGuard.IntegrationTests.Languages.Examples;

/// <summary>A scoring service that answers its first call UNAVAILABLE and allows the next, or as it is told, by gRPC and as JSON.</summary>
internal sealed class UnreliableService : ScoringService.ScoringServiceBase, IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _requestIds = new();
    private readonly Func<int, StatusCode> _status;
    private WebApplication? _app;

    private UnreliableService(Func<int, StatusCode> status) => _status = status;

    /// <summary>Of every call that came.</summary>
    public IReadOnlyList<string> RequestIds => [.. _requestIds];

    /// <summary>Where it is by gRPC.</summary>
    public string Grpc => Authority(0);

    /// <summary>Where it is by HTTP/1.1.</summary>
    public string Http => Authority(1);

    /// <summary>Starts one.</summary>
    /// <param name="status">What it answers a call, the first of which is 1.</param>
    public static async Task<UnreliableService> StartAsync(Func<int, StatusCode>? status = null)
    {
        var service = new UnreliableService(status ?? (static call => call == 1 ? StatusCode.Unavailable : StatusCode.OK));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc().AddJsonTranscoding(JsonTranscoding.Configure);
        builder.Services.AddSingleton(service);
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http1);
        });
        service._app = builder.Build();
        service._app.MapGrpcService<UnreliableService>();
        await service._app.StartAsync().DefaultTimeout();
        return service;
    }

    public override Task<ScoreResponse> Score(ScoreRequest request, ServerCallContext context)
    {
        _requestIds.Enqueue(request.RequestId);
        var status = _status(_requestIds.Count);
        return status != StatusCode.OK
            ? throw Refusal(status)
            : Task.FromResult(new ScoreResponse { Assessment = new Assessment { Verdict = Verdict.Allow, Quality = Quality.Full, DecisionToken = "t" } });
    }

    // One beyond a quota says when to come again, as the service's own does.
    private static RpcException Refusal(StatusCode status)
    {
        var refusal = new Status { Code = (int)status, Message = "not yet" };
        if (status == StatusCode.ResourceExhausted)
        {
            refusal.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(7.5)) }));
        }

        return refusal.ToRpcException();
    }

    public ValueTask DisposeAsync() => _app!.DisposeAsync();

    private string Authority(int index) => new Uri(_app!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ElementAt(index)).Authority;
}
