namespace SpamGuard.IntegrationTests.Deployment;

/// <summary>The server published twice as the image has it, from two folders.</summary>
public sealed class PublishedFixture : IAsyncLifetime
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("spamguard-publish-");

    /// <summary>What the first publish gave.</summary>
    public string First { get; private set; } = "";

    /// <summary>What the second gave.</summary>
    public string Second { get; private set; } = "";

    public async Task InitializeAsync()
    {
        var published = await Task.WhenAll(
            ImageBuild.PublishAsync(_root.CreateSubdirectory("a")), ImageBuild.PublishAsync(_root.CreateSubdirectory(Path.Combine("deeper", "another"))));
        (First, Second) = (published[0], published[1]);
    }

    public Task DisposeAsync()
    {
        _root.Delete(recursive: true);
        return Task.CompletedTask;
    }
}
