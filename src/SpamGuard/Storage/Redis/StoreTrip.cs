using System.Diagnostics;

namespace SpamGuard.Storage.Redis;

/// <summary>The span of a call to the store: which operation, how the store is deployed, and how it failed. No key, no command, no server.</summary>
internal static class StoreTrip
{
    /// <summary>Begins one within a call that is traced; <c>null</c> elsewhere. What runs in the background belongs to no call, and metrics tell of it.</summary>
    /// <param name="operation">Its name, as metrics have it.</param>
    /// <param name="topology">How the store is deployed.</param>
    public static Activity? Begin(string operation, SignalTopology topology)
    {
        if (Traces.Current is null || Traces.Source.StartActivity(operation, ActivityKind.Client) is not { } trip)
        {
            return null;
        }

        return trip.SetTag("db.system.name", "redis").SetTag("db.operation.name", operation).SetTag("spamguard.store.topology", Name(topology));
    }

    private static string Name(SignalTopology topology) => topology switch
    {
        SignalTopology.Standalone => "standalone",
        SignalTopology.Sentinel => "sentinel",
        SignalTopology.Cluster => "cluster",
        _ => throw new ArgumentOutOfRangeException(nameof(topology), topology, message: null),
    };
}
