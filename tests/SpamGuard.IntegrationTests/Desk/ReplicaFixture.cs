using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Desk;

/// <summary>The real server behind a sentinel, whose erasures are to be acknowledged by the replica.</summary>
public sealed class ReplicaFixture : ServerFixture
{
    public RedisSentinelFixture Sentinel { get; } = new();

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Sentinel.DisposeAsync();
    }

    protected override async Task<IReadOnlyDictionary<string, string?>> SettingsAsync()
    {
        await Sentinel.InitializeAsync();
        return new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Signals"] = Sentinel.ConnectionString(RedisAccount.Scorer),
            ["ConnectionStrings:Desk"] = Sentinel.ConnectionString(RedisAccount.Desk),
            ["Signals:Topology"] = "sentinel",
            ["Desk:Replicas"] = "1",
        };
    }
}
