using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Documents;

/// <summary>A scoring service in JSON that answers the status that the request id is the number of.</summary>
internal sealed class StatusService : ScoringService.ScoringServiceBase, IAsyncDisposable
{
    private readonly HttpClient _http = new();
    private WebApplication? _app;

    /// <summary>Starts one.</summary>
    public static async Task<StatusService> StartAsync()
    {
        var service = new StatusService();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc().AddJsonTranscoding();
        builder.Services.AddSingleton(service);
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http1));
        service._app = builder.Build();
        service._app.MapGrpcService<StatusService>();
        await service._app.StartAsync().DefaultTimeout();
        return service;
    }

    /// <summary>The status of HTTP of an answer.</summary>
    public async Task<HttpStatusCode> AnswerAsync(StatusCode code)
    {
        using var answer = await _http.PostAsJsonAsync(new Uri(_app!.Urls.Single() + "/v1/events:score"), new { requestId = $"{(int)code}" }).DefaultTimeout();
        return answer.StatusCode;
    }

    public override Task<ScoreResponse> Score(ScoreRequest request, ServerCallContext context)
    {
        var code = (StatusCode)int.Parse(request.RequestId, CultureInfo.InvariantCulture);
        return code == StatusCode.OK ? Task.FromResult(new ScoreResponse()) : throw new RpcException(new Status(code, "As asked."));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app!.DisposeAsync();
    }
}
