using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.AspNetCore;

/// <summary>A server with the sample's policy: documentation addresses that end in 1 to 4 have their verdicts, all others are scored.</summary>
public sealed class TestAddressFixture : ServerFixture
{
    protected override Task<IReadOnlyDictionary<string, string?>> SettingsAsync() => Task.FromResult<IReadOnlyDictionary<string, string?>>(
        new Dictionary<string, string?>(StringComparer.Ordinal) { ["Policy:Path"] = Path.Combine(RepositoryRoot.Folder, "src", "SpamGuard.Sample.SignUp", "policy.yaml") });
}
