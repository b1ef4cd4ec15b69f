using Grpc.Net.Client.Balancer;

namespace SpamGuard.Testing;

/// <summary>What answers for a name in the place of DNS: a port of 127.0.0.1 that changes.</summary>
internal sealed class MovableName(int port) : ResolverFactory
{
    private volatile int _port = port;

    public override string Name => "dns";

    public void MoveTo(int port) => _port = port;

    public override Resolver Create(ResolverOptions options) => new Lookup(this, options);

    private sealed class Lookup(MovableName name, ResolverOptions options) : PollingResolver(options.LoggerFactory)
    {
        protected override Task ResolveAsync(CancellationToken cancellationToken)
        {
            Listener(ResolverResult.ForResult([new BalancerAddress("localhost", name._port)]));
            return Task.CompletedTask;
        }
    }
}
