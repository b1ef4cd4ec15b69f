using System.Globalization;
using System.Text;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Images;
using Testcontainers.Redis;

namespace SpamGuard.Testing;

/// <summary>A Redis in a container. The image is <c>SPAMGUARD_REDIS_IMAGE</c>, by default the public one.</summary>
internal sealed class ContainerRedisHost : IRedisHost
{
    private const string PublicImage = "redis:7";

    /// <summary>From the start of the container, so without the pull of the image.</summary>
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(30);

    // A fixed port and not a random one: after a stop and a start a random one would be another.
    private readonly int _port = FreePorts.TakeOne();
    private readonly RedisContainer _container;

    public ContainerRedisHost()
    {
        Description = Environment.GetEnvironmentVariable("SPAMGUARD_REDIS_IMAGE") is { Length: > 0 } image ? image : PublicImage;
        _container = new RedisBuilder(Description)
            .WithImagePullPolicy(PullPolicy.Missing)
            .WithPortBinding(_port, RedisBuilder.RedisPort)
            .WithResourceMapping(Encoding.UTF8.GetBytes(RedisUsers.Text(RedisUsers.Standalone)), RedisSettings.ContainerAclFile)
            .WithCommand(["redis-server", .. RedisSettings.Arguments(RedisSettings.ContainerAclFile)])
            // By its log and not by a command inside: that would need a shell and a password in the image.
            .WithWaitStrategy(Wait.ForUnixContainer().UntilMessageIsLogged(
                "Ready to accept connections",
                strategy => strategy.WithInterval(TimeSpan.FromMilliseconds(50)).WithTimeout(ReadyLimit)))
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
