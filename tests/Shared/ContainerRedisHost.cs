using System.Globalization;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Images;
using Testcontainers.Redis;

namespace SpamGuard.Testing;

/// <summary>A Redis in a container. The image is <c>SPAMGUARD_REDIS_IMAGE</c>, by default the public one.</summary>
internal sealed class ContainerRedisHost : IRedisHost
{
    private const string PublicImage = "redis:7";

    // A fixed port and not a random one: after a stop and a start a random one would be another.
    private readonly int _port = FreePorts.TakeOne();
    private readonly RedisContainer _container;

    public ContainerRedisHost()
    {
        Description = Environment.GetEnvironmentVariable("SPAMGUARD_REDIS_IMAGE") is { Length: > 0 } image ? image : PublicImage;
        _container = new RedisBuilder(Description)
            .WithImagePullPolicy(PullPolicy.Missing)
            .WithPortBinding(_port, RedisBuilder.RedisPort)
            .WithResourceMapping(new FileInfo(RedisSettings.AclFile), new FileInfo(RedisSettings.ContainerAclFile))
            .WithCommand(["redis-server", .. RedisSettings.Arguments(RedisSettings.ContainerAclFile)])
            .WithWaitStrategy(Wait.ForUnixContainer().UntilCommandIsCompleted(
                ["redis-cli", "--user", RedisAccount.Admin.Name, "--pass", RedisAccount.Admin.Password, "--no-auth-warning", "ping"],
                strategy => strategy.WithInterval(TimeSpan.FromMilliseconds(50))))
            .Build();
    }

    public string Endpoint => string.Create(CultureInfo.InvariantCulture, $"{_container.Hostname}:{_port}");

    public string Description { get; }

    public Task StartAsync() => _container.StartAsync();

    public Task StopAsync() => _container.StopAsync();

    public Task PauseAsync() => _container.PauseAsync();

    public Task ResumeAsync() => _container.UnpauseAsync();

    public ValueTask DisposeAsync() => _container.DisposeAsync();
}
