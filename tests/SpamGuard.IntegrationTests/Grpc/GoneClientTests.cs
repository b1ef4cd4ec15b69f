using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Grpc;

/// <summary>What is logged of a call whose client has gone.</summary>
public sealed class GoneClientTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string Grpc = "Grpc.AspNetCore.Server";

    [Fact]
    public async Task Call_ResetByItsClientWithinTheRequest_IsNoErrorOfTheLog()
    {
        server.Logs.Clear();
        using var client = new HttpClient();
        using var gone = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Url(Listener.Grpc) + "/spamguard.v1.ScoringService/Score"))
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new HalfAMessage(),
        };

        var call = client.SendAsync(request, gone.Token);
        await Poll.UntilAsync(() => Task.FromResult(Logged("ReadingMessage").Any())).DefaultTimeout();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Poll.UntilAsync(() => Task.FromResult(Logged("ErrorReadingMessage").Any())).DefaultTimeout();
        await Poll.UntilAsync(() => Task.FromResult(Logged("ErrorExecutingServiceMethod").Concat(Logged("ServiceMethodCanceled")).Any())).DefaultTimeout();

        Assert.All(server.Logs.Logs.Where(IsOfACall), static log => Assert.True(log.Level < LogLevel.Warning && log.Exception is null, log.Text));
    }

    [Theory]
    [InlineData(typeof(IOException), LogLevel.Debug)]
    [InlineData(typeof(OperationCanceledException), LogLevel.Debug)]
    [InlineData(typeof(InvalidOperationException), LogLevel.Error)]
    [InlineData(null, LogLevel.Error)]
    public void Log_Exception_StaysWhatItIsUnlessTheClientHasGone(Type? exception, LogLevel expected)
    {
        var message = Guid.NewGuid().ToString();
        var logger = server.Services.GetRequiredService<ILoggerFactory>().CreateLogger($"{Grpc}.ServerCallHandler");

        logger.Log(LogLevel.Error, exception is null ? null : (Exception)Activator.CreateInstance(exception)!, "{Message}", message);

        var log = Assert.Single(server.Logs.Logs, log => log.Message == message);
        Assert.Equal((expected, expected == LogLevel.Error && exception is not null), (log.Level, log.Exception is not null));
    }

    private static bool IsOfACall(CapturedLog log) =>
        Array.Exists(["Grpc.", "Microsoft.", "SpamGuard.Server."], category => log.Category.StartsWith(category, StringComparison.Ordinal));

    private IEnumerable<CapturedLog> Logged(string name) =>
        server.Logs.Logs.Where(log => log.Category.StartsWith(Grpc, StringComparison.Ordinal) && string.Equals(log.Event.Name, name, StringComparison.Ordinal));

    /// <summary>The first two of a message's five bytes of header, and no end.</summary>
    private sealed class HalfAMessage : HttpContent
    {
        public HalfAMessage() => Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(new byte[2], cancellationToken);
            await stream.FlushAsync(cancellationToken);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
