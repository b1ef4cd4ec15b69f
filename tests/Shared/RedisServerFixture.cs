namespace SpamGuard.Testing;

/// <summary>The real server on a real Redis of its own, connected as the scorer of a deployment, and as its desk.</summary>
public sealed class RedisServerFixture : ServerFixture
{
    public RedisFixture Redis { get; } = new();

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Redis.DisposeAsync();
    }

    protected override async Task<IReadOnlyDictionary<string, string?>> SettingsAsync()
    {
        await Redis.InitializeAsync();
        return new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Signals"] = Redis.ConnectionString(RedisAccount.Scorer),
            ["ConnectionStrings:Desk"] = Redis.ConnectionString(RedisAccount.Desk),
        };
    }
}
