using System.Security.Cryptography;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Deployment;

/// <summary>What the Dockerfile publishes, also where no Docker engine is: the same from every folder, without the embedded store, and it serves.</summary>
[Collection(nameof(ImageCollection))]
public sealed class PublishTests(PublishedFixture published, RedisTlsFixture redis) : IClassFixture<PublishedFixture>
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    [Fact]
    public void Publish_FromTwoFolders_GivesTheSameFiles()
    {
        var first = Digests(published.First);

        Assert.Contains("SpamGuard.Server.dll", first.Keys);
        Assert.DoesNotContain("SpamGuard.pdb", first.Keys); // which differs now and then, and its assembly with it
        Assert.Equal(first, Digests(published.Second));
    }

    [Fact]
    public void Publish_Files_AreThoseOfOneMachineAndOfNoEmbeddedStore()
    {
        Assert.Empty(Directory.GetDirectories(published.First)); // libraries of other systems would be in one
        Assert.Contains("libsodium.so", Digests(published.First).Keys);
        Assert.DoesNotContain(Digests(published.First).Keys, ImageContent.IsOfTheEmbeddedStore);
    }

    [Fact]
    public async Task Published_AsAProcess_ScoresAndEndsWell()
    {
        await redis.FlushAsync(); // what was planted under another pepper
        using var secrets = new MountedSecrets(redis);
        await using var server = new ServerProgram("Production", [.. secrets.Variables, new("Drain__Delay", "00:00:00")], folder: published.First);
        server.Start();
        var channel = secrets.Channel(server.GrpcPort);
        await Poll.UntilAsync(async () =>
        {
            Assert.True(server.ExitCode is null, $"The server ended with code {server.ExitCode}:\n{server.Output}");
            return await ServerProgram.IsServingAsync(channel);
        }).TimeoutAfter(StartLimit);

        var answer = await new ScoringService.ScoringServiceClient(channel)
            .ScoreAsync(new ScoreRequest { Event = Events.SignUp("67.20.0.1") }).ResponseAsync.DefaultTimeout();

        Assert.Equal(Quality.Full, answer.Assessment.Quality);
        Assert.Equal(0, await server.StopAsync());
    }

    private static SortedDictionary<string, string> Digests(string folder) => new(
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(
            path => Path.GetRelativePath(folder, path),
            static path => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))),
            StringComparer.Ordinal),
        StringComparer.Ordinal);
}
