using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;
using SpamGuard.Client.Resilience;

namespace SpamGuard.Client.Connections;

/// <summary>
/// Connects when the application starts, and goes through what a call goes through: the first sign-up would spend its deadline on that. An application waits for it, but not long, and starts
/// without SpamGuard too. Where <see cref="ISpamGuardClient"/> is another one, such as a test's, there is nothing to connect.
/// </summary>
internal sealed partial class WarmUp(
    IServiceProvider services, Lazy<ChannelKeeper> channel, CallPipelines pipelines, TimeProvider time, IOptions<SpamGuardClientOptions> options, ILogger<WarmUp> logger) : IHostedService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    /// <exception cref="IOException">A file of certificates can't be used.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope(); // the application's own may be scoped
        _ = scope.ServiceProvider.GetRequiredService<ISpamGuardClient>();
        if (!channel.IsValueCreated)
        {
            return; // the real one, or what wraps it, would have opened it
        }

        try
        {
            var call = new CallOptions(deadline: time.GetUtcNow().UtcDateTime + Patience, cancellationToken: cancellationToken).WithWaitForReady();
            var answer = await pipelines.Report.Around.ExecuteAsync(async token => await channel.Value.Calls.Health.CheckAsync(new HealthCheckRequest(), call.WithCancellationToken(token)), cancellationToken);
            Log.Connected(logger, options.Value.Address!, answer.Status);
        }
        catch (Exception e) when (e is RpcException or BrokenCircuitException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Log.NotConnected(logger, options.Value.Address!, e.Message);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(21, LogLevel.Information, "Connected to SpamGuard at {Address}, which says {Status}", EventName = nameof(Connected))]
        public static partial void Connected(ILogger logger, Uri address, HealthCheckResponse.Types.ServingStatus status);

        [LoggerMessage(22, LogLevel.Warning, "SpamGuard at {Address} could not be asked when the application started; it is tried again with each call: {Fault}", EventName = nameof(NotConnected))]
        public static partial void NotConnected(ILogger logger, Uri address, string fault);
    }
}
