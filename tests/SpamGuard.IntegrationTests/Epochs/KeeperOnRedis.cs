using Prometheus;
using SpamGuard.Addresses;
using SpamGuard.Epochs;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.IntegrationTests.Epochs;

/// <summary>What one process keeps of the epochs of a store.</summary>
internal sealed class KeeperOnRedis : IDisposable
{
    private static readonly ClientAddress Address = ClientAddress.From(System.Net.IPAddress.Parse("198.18.7.9"));
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();

    public KeeperOnRedis(ISignalStore store, byte[] pepper) =>
        Epochs = new EpochKeeper(store, new PepperRing([.. pepper]), new EpochCalendar(), new EpochMetrics(Metrics.WithCustomRegistry(_registry)));

    public EpochKeeper Epochs { get; }

    /// <summary>How often its salt was overtaken, in both classes.</summary>
    public double Conflicts
    {
        get
        {
            var conflicts = Metrics.WithCustomRegistry(_registry).CreateCounter("spamguard_salt_conflicts_total", "", ["class"]);
            return RetentionClass.Salted.Sum(retention => conflicts.WithLabels(retention.Name).Value);
        }
    }

    public SubjectToken Token(RetentionClass retention, long now) =>
        Epochs.Live(now)!.Current(retention).Hasher.Key(SubjectKind.Address, Address).Token;

    public void Dispose() => Epochs.Dispose();
}
