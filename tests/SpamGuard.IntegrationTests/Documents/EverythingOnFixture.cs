using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Documents;

/// <summary>A server with everything turned on that a configuration can turn on: it shows every metric.</summary>
public sealed class EverythingOnFixture : ServerFixture
{
    private readonly DirectoryInfo _tags = Directory.CreateTempSubdirectory("spamguard-tags-");

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _tags.Delete(recursive: true);
    }

    protected override async Task<IReadOnlyDictionary<string, string?>> SettingsAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_tags.FullName, "hosting.txt"), "198.18.0.0/15\n");
        return new Dictionary<string, string?>(StringComparer.Ordinal) { ["Audit:Enabled"] = "true", ["Tags:Path"] = _tags.FullName };
    }
}
