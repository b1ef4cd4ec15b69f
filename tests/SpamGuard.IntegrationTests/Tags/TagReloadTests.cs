using Microsoft.Extensions.DependencyInjection;
using SpamGuard.Addresses;
using SpamGuard.Tags;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Tags;

/// <summary>A running server takes over what its mounted files hold.</summary>
public sealed class TagReloadTests(TagReloadTests.Fixture server) : IClassFixture<TagReloadTests.Fixture>
{
    [Fact]
    public async Task Server_WhenItsVolumeChanges_TagsAccordingly()
    {
        var live = server.Services.GetRequiredService<LiveTags>();
        Assert.True(ClientAddress.TryParse("198.18.0.7", out var address));
        Assert.Equal(["tor"], live.Current.Of(address));

        server.Mount("..2026_2", "198.18.0.0/24 198.18.1.1"); // two on a line
        await Poll.UntilAsync(() => Task.FromResult(server.Logs.Logs.Any(log => log.Event.Id == EventIds.TagFilesRejected))).DefaultTimeout();
        Assert.Equal(["tor"], live.Current.Of(address));
        Assert.Contains("spamguard_tag_files_rejected 1", await server.MetricsAsync(), StringComparison.Ordinal);

        server.Mount("..2026_3", "198.18.1.0/24\n198.18.2.0/24");
        await Poll.UntilAsync(() => Task.FromResult(server.Logs.Logs.Any(log => log.Event.Id == EventIds.TagFilesApplied))).DefaultTimeout();
        Assert.Empty(live.Current.Of(address));
        Assert.Contains("spamguard_tag_prefixes{tag=\"tor\"} 2", await server.MetricsAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("198.18.", server.Logs.AllText, StringComparison.Ordinal);
    }

    public sealed class Fixture : ServerFixture
    {
        private readonly string _volume = Directory.CreateTempSubdirectory("tags").FullName;

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            Directory.Delete(_volume, recursive: true);
        }

        internal void Mount(string target, string text)
        {
            Directory.CreateDirectory(Path.Combine(_volume, target));
            File.WriteAllText(Path.Combine(_volume, target, "tor.txt"), text);
            ProjectedVolume.Turn(_volume, target);
        }

        protected override Task<IReadOnlyDictionary<string, string?>> SettingsAsync()
        {
            Mount("..2026_1", "198.18.0.7");
            File.CreateSymbolicLink(Path.Combine(_volume, "tor.txt"), "..data/tor.txt");
            return Task.FromResult<IReadOnlyDictionary<string, string?>>(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Tags:Path"] = _volume });
        }
    }
}
