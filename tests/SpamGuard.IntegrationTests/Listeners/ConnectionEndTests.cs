using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Listeners;

/// <summary>
/// A real Kestrel and real clients that never pause, on connections that live for a blink. Where Kestrel is asked to close between two calls, one of
/// four such ends loses a call; a hundred ends without a loss are no luck.
/// </summary>
[Collection(nameof(Processes.ProcessesCollection))]
public sealed class ConnectionEndTests : IDisposable
{
    private const int Ends = 150;
    private const int CallsAtATime = 3;
    private const int Clients = 6;

    private readonly TestAuthority _authority = new();
    private int _connections;

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData(HttpProtocols.Http2, true)]
    [InlineData(HttpProtocols.Http2, false)]
    [InlineData(HttpProtocols.Http1, true)]
    public async Task End_OfConnectionsInUse_LosesNoCall(HttpProtocols protocol, bool isTls)
    {
        await using var app = await StartAsync(protocol, isTls);
        var url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        var failures = new ConcurrentQueue<string>();
        var answers = 0;
        await Task.WhenAll(Enumerable.Range(0, Clients).SelectMany(_ => Callers(url, protocol, failures, () => Interlocked.Increment(ref answers)))).TimeoutAfter(TimeSpan.FromMinutes(2));

        Assert.True(failures.IsEmpty, $"{failures.Count} of {failures.Count + answers} calls failed, of {_connections} connections:\n{string.Join('\n', failures.Take(5))}");
        Assert.True(_connections > Ends, $"{_connections} connections");
    }

    private async Task<WebApplication> StartAsync(HttpProtocols protocol, bool isTls)
    {
        var certificate = _authority.Server();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton<ConnectionEnd>();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocol;
            listen.Use(next => connection =>
            {
                Interlocked.Increment(ref _connections);
                ConnectionAge.Begin(connection, TimeSpan.FromMilliseconds(60), TimeProvider.System);
                return next(connection);
            });
            if (isTls)
            {
                listen.UseHttps(certificate.Load());
            }
        }));
        var app = builder.Build();
        ConnectionEnd.Use(app);
        app.MapPost("/", static async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            await context.Response.WriteAsync("answered");
        });
        await app.StartAsync().DefaultTimeout();
        return app;
    }

    private IEnumerable<Task> Callers(Uri url, HttpProtocols protocol, ConcurrentQueue<string> failures, Action answered)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(_authority.CaPath);
        var client = new HttpClient(handler);
        return Enumerable.Range(0, CallsAtATime).Select(_ => Task.Run(async () =>
        {
            while (Volatile.Read(ref _connections) <= Ends)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, url)
                {
                    Version = protocol == HttpProtocols.Http2 ? HttpVersion.Version20 : HttpVersion.Version11,
                    VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                    Content = new StringContent("a call"),
                };
                try
                {
                    using var answer = await client.SendAsync(request);
                    Assert.Equal("answered", await answer.Content.ReadAsStringAsync());
                    answered();
                }
                catch (HttpRequestException e)
                {
                    failures.Enqueue($"{e.Message} {e.InnerException?.Message}");
                }
            }
        }));
    }
}
