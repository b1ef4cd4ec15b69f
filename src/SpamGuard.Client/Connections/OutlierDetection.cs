using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;
using Microsoft.Extensions.Logging;

namespace SpamGuard.Client.Connections;

/// <summary>Round robin among the servers that answer (gRPC's own has no outlier detection in .NET: proposal A50).</summary>
internal sealed class OutlierDetection(TimeProvider time) : LoadBalancerFactory
{
    private const string Policy = "round_robin_with_outlier_detection";

    /// <inheritdoc/>
    public override string Name => Policy;

    /// <summary>Has a channel balance so.</summary>
    public static LoadBalancingConfig Config() => new(Policy);

    /// <inheritdoc/>
    public override LoadBalancer Create(LoadBalancerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new Balancer(options.Controller, options.LoggerFactory, time);
    }

    private sealed class Balancer(IChannelControlHelper controller, ILoggerFactory loggers, TimeProvider time) : SubchannelsLoadBalancer(controller, loggers)
    {
        private readonly ConditionalWeakTable<Subchannel, ServerHealth> _health = [];

        protected override SubchannelPicker CreatePicker(IReadOnlyList<Subchannel> readySubchannels) =>
            new Picker([.. readySubchannels.Select(one => (one, _health.GetValue(one, _ => new ServerHealth(time))))]);
    }

    private sealed class Picker((Subchannel Subchannel, ServerHealth Health)[] servers) : SubchannelPicker
    {
        private int _last = RandomNumberGenerator.GetInt32(servers.Length);

        public override PickResult Pick(PickContext context)
        {
            var first = (uint)Interlocked.Increment(ref _last);
            for (uint i = 0; i < servers.Length; i++)
            {
                var (subchannel, health) = servers[(first + i) % servers.Length];
                if (health.Takes())
                {
                    return PickResult.ForSubchannel(subchannel, health);
                }
            }

            // Where none answers, none is an outlier: or the first that answers again would have all calls for itself.
            foreach (var (_, health) in servers)
            {
                health.Forgive();
            }

            var next = servers[first % servers.Length];
            return PickResult.ForSubchannel(next.Subchannel, next.Health);
        }
    }
}
