using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using SpamGuard.Testing.Privacy;

namespace SpamGuard.Testing.Otlp;

/// <summary>Takes traces by OTLP over HTTP as a collector does, and keeps every byte.</summary>
internal sealed class OtlpCollector : IAsyncDisposable, ISink
{
    private readonly ConcurrentQueue<(string Path, byte[] Body, string Headers)> _requests = new();
    private readonly WebApplication _app;

    private OtlpCollector(WebApplication app)
    {
        _app = app;
        app.Run(TakeAsync);
    }

    /// <summary>What <c>Tracing:OtlpEndpoint</c> is set to.</summary>
    public string Endpoint => _app.Urls.Single();

    /// <summary>The paths of all requests.</summary>
    public IReadOnlyList<string> Paths => [.. _requests.Select(static request => request.Path)];

    /// <summary>The spans of all requests.</summary>
    public IReadOnlyList<ReceivedSpan> Spans => [.. Messages.SelectMany(ReceivedSpan.Of)];

    /// <summary>What each request says of the process.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Resources => [.. Messages.Select(ReceivedSpan.Resource)];

    public string Name => "what a collector of traces gets";

    public bool HoldsBytes => true;

    private IEnumerable<ProtoFields> Messages => _requests.Select(static request => new ProtoFields(request.Body));

    /// <summary>Starts one on a free port of 127.0.0.1.</summary>
    /// <param name="authority">Whom its certificate is from, and without one of a client nobody is heard; <c>null</c> for plaintext.</param>
    public static async Task<OtlpCollector> StartAsync(TestAuthority? authority = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (authority is not null)
            {
                listen.UseHttps(https =>
                {
                    https.ServerCertificate = authority.Server("collector").Load();
                    https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                    https.AllowAnyClientCertificate();
                });
            }
        }));
        var app = builder.Build();
        var collector = new OtlpCollector(app);
        await app.StartAsync().DefaultTimeout();
        return collector;
    }

    public Task<IReadOnlyList<string>> ReadAsync() =>
        Task.FromResult<IReadOnlyList<string>>([.. _requests.Select(static request => $"{request.Path}\n{request.Headers}\n{Canaries.Piece(request.Body)}")]);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        _requests.Enqueue((context.Request.Path, body.ToArray(), string.Join('\n', context.Request.Headers.Select(static header => $"{header.Key}: {header.Value}"))));
        context.Response.ContentType = "application/x-protobuf";
    }
}
