using Grpc.Net.Client.Balancer;

namespace SpamGuard.Testing;

/// <summary>What answers for a name in the place of DNS: a port of 127.0.0.1 that changes.</summary>
internal sealed class MovableName(params int[] ports) : ResolverFactory
{
    private volatile int[] _ports = ports;

    public override string Name => "dns";

    public void MoveTo(params int[] ports) => _ports = ports;

    public override Resolver Create(ResolverOptions options) => new Lookup(this, options);

    private sealed class Lookup(MovableName name, ResolverOptions options) : PollingResolver(options.LoggerFactory)
    {
        protected override Task ResolveAsync(CancellationToken cancellationToken)
        {
            Listener(ResolverResult.ForResult([.. name._ports.Select(static port => new BalancerAddress("localhost", port))]));
            return Task.CompletedTask;
        }
    }
}
