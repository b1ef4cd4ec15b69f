using StackExchange.Redis;

namespace SpamGuard.Testing;

/// <summary>
/// A real Redis with the users and settings of a deployment. In a container where Docker answers, else a process.
/// Share it by <c>[Collection(nameof(RedisCollection))]</c>; a test that stops or pauses the server takes one of its own
/// (<c>IClassFixture&lt;RedisFixture&gt;</c>).
/// </summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private IRedisHost? _host;
    private ConnectionMultiplexer? _admin;

    /// <summary>host:port, the same before and after a restart.</summary>
    public string Endpoint => Host.Endpoint;

    /// <summary>The image, or the path of the redis-server that runs as a process.</summary>
    public string Description => Host.Description;

    /// <summary>All commands, for the tests' own inspection.</summary>
    public ConnectionMultiplexer AdminConnection => _admin ?? throw new InvalidOperationException("The fixture is not started.");

    public IDatabase Admin => AdminConnection.GetDatabase();

    private IRedisHost Host => _host ?? throw new InvalidOperationException("The fixture is not started.");

    /// <summary>A StackExchange.Redis configuration string of that user, as an operator would write it.</summary>
    public string ConnectionString(RedisAccount account) => RedisSettings.ConnectionString(Endpoint, account);

    /// <summary>A connection of that user; the caller disposes it.</summary>
    /// <param name="account">Who connects.</param>
    /// <param name="commands">
    /// Leave it out to send everything and let the server refuse. <see cref="NarrowCommands"/> connects as the product does.
    /// </param>
    public async Task<ConnectionMultiplexer> ConnectAsync(RedisAccount account, CommandMap? commands = null)
    {
        var options = RedisSettings.Connect(Endpoint, account);
        options.CommandMap = commands ?? CommandMap.Default;
        return await ConnectionMultiplexer.ConnectAsync(options).DefaultTimeout();
    }

    /// <summary>Without what the client would call by itself and a narrow user may not: each refusal fills the ACL log.</summary>
    public static CommandMap NarrowCommands { get; } = CommandMap.Create(
        new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "CONFIG", "CLUSTER", "SUBSCRIBE", "PSUBSCRIBE" }, available: false);

    public async Task InitializeAsync()
    {
        _host = await DockerProbe.AnswersAsync() ? new ContainerRedisHost() : new ProcessRedisHost();
        await _host.StartAsync().TimeoutAfter(TimeSpan.FromMinutes(3));
        _admin = await ConnectAsync(RedisAccount.Admin);
        await Admin.PingAsync().DefaultTimeout();
    }

    /// <summary>Removes every key, and forgets what the ACL log holds.</summary>
    public async Task FlushAsync()
    {
        await Admin.ExecuteAsync("FLUSHALL").DefaultTimeout();
        await Admin.ExecuteAsync("ACL", "LOG", "RESET").DefaultTimeout();
    }

    /// <summary>Ends the server: connections are refused until <see cref="StartAsync"/>.</summary>
    public Task StopAsync() => Host.StopAsync().DefaultTimeout();

    /// <summary>Starts the stopped server, empty, and waits until the admin's connection is back.</summary>
    public async Task StartAsync()
    {
        await Host.StartAsync().DefaultTimeout();
        await ReconnectedAsync(Admin).DefaultTimeout();
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>Freezes the server: connections stay open and nothing answers, until <see cref="ResumeAsync"/>.</summary>
    public Task PauseAsync() => Host.PauseAsync().DefaultTimeout();

    public async Task ResumeAsync()
    {
        await Host.ResumeAsync().DefaultTimeout();
        await ReconnectedAsync(Admin).DefaultTimeout();
    }

    public async Task DisposeAsync()
    {
        if (_admin is not null)
        {
            await _admin.DisposeAsync();
        }

        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }

    /// <summary>Waits until a connection is back.</summary>
    internal static Task ReconnectedAsync(IDatabase database) => Poll.UntilAsync(async () =>
    {
        try
        {
            await database.PingAsync();
            return true;
        }
        catch (Exception e) when (e is RedisConnectionException or RedisTimeoutException)
        {
            return false;
        }
    });
}
