using System.Text.Json;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment;

/// <summary>The image: that of <c>SPAMGUARD_IMAGE</c>, which tests/run builds, or one that is built now.</summary>
public sealed class ImageFixture : IAsyncLifetime
{
    private const string LocalTag = "spamguard-test/image:local";
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(10);

    private ImageContent? _content;

    /// <summary>Its name.</summary>
    public string Tag { get; private set; } = "";

    /// <summary>What the engine says of it.</summary>
    internal JsonElement Inspected { get; private set; }

    /// <summary>How a container of it is configured where nobody says otherwise.</summary>
    internal JsonElement Config => Inspected.GetProperty(nameof(Config));

    internal ImageContent Content => _content ?? throw new InvalidOperationException("The fixture is not started.");

    public async Task InitializeAsync()
    {
        if (!await DockerProbe.AnswersAsync())
        {
            throw new InvalidOperationException(
                "These tests run the image, and no Docker engine answers. tests/run leaves them out where there is none and says so; by hand: --filter Category!=Image.");
        }

        Tag = Environment.GetEnvironmentVariable("SPAMGUARD_IMAGE") ?? "";
        if (Tag.Length == 0)
        {
            Tag = LocalTag;
            await CommandRun.OutputOfAsync(["bash", "tests/image", Tag], limit: BuildLimit);
        }

        using var inspected = JsonDocument.Parse(await CommandRun.OutputOfAsync(["docker", "image", "inspect", Tag]));
        Inspected = inspected.RootElement[0].Clone();
        _content = await ImageContent.OfAsync(Tag);
    }

    public Task DisposeAsync() => Task.CompletedTask;
}
