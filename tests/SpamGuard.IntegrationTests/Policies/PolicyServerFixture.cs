using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Policies;

/// <summary>The real server with a policy file, of which a test may make what it likes.</summary>
public sealed class PolicyServerFixture : ServerFixture
{
    public const string Begin = "sign_up: {cap: THROTTLE, tags: {tor: {weight: 1.2}}}\nshadow: {sign_up: {cap: CHALLENGE}}\n";

    public PolicyFileOnDisk File { get; } = new(Begin);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        File.Dispose();
    }

    protected override Task<IReadOnlyDictionary<string, string?>> SettingsAsync() =>
        Task.FromResult<IReadOnlyDictionary<string, string?>>(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Policy:Path"] = File.Path });
}
