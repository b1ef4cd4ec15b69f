using Microsoft.AspNetCore.Http.Features;
using SpamGuard.Server.Callers.Peers;

namespace SpamGuard.Server.Callers;

/// <summary>
/// Calls that stay open for as long as the client likes. Whether each would still be let in is asked every second: a denial, a role that was taken away or the end
/// of a certificate ends them too. What is over quickly is not kept here.
/// </summary>
internal sealed class OpenStreams(CallerMetrics metrics, TimeProvider time) : BackgroundService
{
    // INADEQUATE_SECURITY of HTTP/2, which gRPC's clients read as PERMISSION_DENIED.
    private const int Refused = 0xC;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly HashSet<OpenStream> _open = [];
    private readonly Lock _changes = new();

    /// <summary>Serves a call that was let in, for as long as it would be let in.</summary>
    public async Task ServeAsync(HttpContext context, Peer peer, GatedMethod method, RequestDelegate next)
    {
        var stream = new OpenStream(context, peer, method);
        lock (_changes)
        {
            _open.Add(stream);
        }

        try
        {
            await next(context);
        }
        finally
        {
            lock (_changes)
            {
                _open.Remove(stream); // from here on the context may be another call's
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                EndRefused();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host ends those that are left.
        }
    }

    private void EndRefused()
    {
        lock (_changes)
        {
            foreach (var stream in _open.ToArray())
            {
                if (stream.Refusal is { } refusal)
                {
                    _open.Remove(stream);
                    metrics.Refused(refusal);
                    stream.End();
                }
            }
        }
    }

    private sealed class OpenStream(HttpContext context, Peer peer, GatedMethod method)
    {
        /// <summary>Why it would not be let in now; <c>null</c> where it would.</summary>
        public Refusal? Refusal => peer.Admit(context.Request.Headers) is var admission && !admission.IsGranted(out var caller) ? admission.Refusal
            : caller.HasOneOf(method.Roles) ? null
            : Callers.Refusal.RoleMissing;

        /// <summary>Ends it as a stream: its connection may be serving others.</summary>
        public void End() => context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(Refused);
    }
}
