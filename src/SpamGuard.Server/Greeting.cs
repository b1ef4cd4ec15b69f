using Microsoft.Extensions.Options;
using SpamGuard.Desk.Audit;
using SpamGuard.Server.Callers;
using SpamGuard.Server.Listeners;

namespace SpamGuard.Server;

/// <summary>Says where the server listens once it does, what can't work there and, in development, one command to try.</summary>
internal sealed class Greeting(
    BoundListeners listeners, CallerNeeds needs, IOptions<AuditOptions> audit, IHostEnvironment environment, IHostApplicationLifetime lifetime, ILogger<Greeting> logger)
    : IHostedService
{
    private const string Body = """{"event":{"kind":"EVENT_KIND_SIGN_UP","address":"203.0.113.9"}}""";

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(Greet);
        return Task.CompletedTask;
    }

    private string Url(Listener listener) =>
        listeners.IsBound(listener) ? $"{(listeners.IsTls(listener) ? "https" : "http")}://{listeners.Authority(listener)}" : "no port";

    private string Page => listeners.IsBound(Listener.Transparency) ? Url(Listener.Transparency) + "/transparency" : Url(Listener.Transparency);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Greet()
    {
        ServerLog.Listening(
            logger, Url(Listener.Grpc), Url(Listener.Http), Url(Listener.Sidecar), listeners.Authority(Listener.Metrics), listeners.Authority(Listener.Health), Page);
        if (needs.OrdersAreUnapprovable)
        {
            ServerLog.OrdersUnapprovable(logger);
        }

        if (environment.IsDevelopment() && audit.Value.Only)
        {
            ServerLog.AuditsOnly(logger, listeners.Authority(Listener.Metrics));
        }
        else if (environment.IsDevelopment() && !listeners.IsTls(Listener.Http))
        {
            ServerLog.TryIt(logger, listeners.Authority(Listener.Http), Body);
        }
    }
}
