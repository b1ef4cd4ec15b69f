using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Documents;

/// <summary>A server with everything turned on that a configuration can turn on: it shows every metric.</summary>
public sealed class EverythingOnFixture : ServerFixture
{
    protected override Task<IReadOnlyDictionary<string, string?>> SettingsAsync() =>
        Task.FromResult<IReadOnlyDictionary<string, string?>>(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Audit:Enabled"] = "true" });
}
