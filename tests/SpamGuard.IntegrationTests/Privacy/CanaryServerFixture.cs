using SpamGuard.Testing;
using SpamGuard.Testing.Privacy;

namespace SpamGuard.IntegrationTests.Privacy;

/// <summary>The real server as the scorer of a real Redis, remembering all that a policy can make it remember; watched before it starts.</summary>
public sealed class CanaryServerFixture : ServerFixture
{
    public RedisFixture Redis { get; } = new();

    internal ExceptionSink Exceptions { get; } = new();

    internal TraceSink Traces { get; } = new();

    internal MonitorSink Commands => _commands ??= new MonitorSink(Redis.Endpoint, Redis.Admin);

    private PolicyFileOnDisk Policy { get; } = new("memory: {account: true, content: true}");

    private MonitorSink? _commands;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Commands.DisposeAsync();
        await Redis.DisposeAsync();
        Exceptions.Dispose();
        Traces.Dispose();
        Policy.Dispose();
    }

    protected override async Task<IReadOnlyDictionary<string, string?>> SettingsAsync()
    {
        await Redis.InitializeAsync();
        await Commands.StartAsync();
        return new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Signals"] = Redis.ConnectionString(RedisAccount.Scorer),
            ["ConnectionStrings:Desk"] = Redis.ConnectionString(RedisAccount.Desk),
            ["Audit:Enabled"] = "true",
            ["ConnectionStrings:Auditor"] = Redis.ConnectionString(RedisAccount.Auditor),
            ["Policy:Path"] = Policy.Path,
            ["Edge:Envoy:AddressHeader"] = CanaryEdge.AddressHeader,
            ["Edge:Http:TrustedProxies"] = "127.0.0.1",
        };
    }
}
