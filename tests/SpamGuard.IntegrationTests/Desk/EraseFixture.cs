using System.Security.Cryptography;
using SpamGuard.Epochs;
using SpamGuard.Retention;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Desk;

/// <summary>The real server on a real Redis in which the epoch before has left its salt; its pepper is known to the test.</summary>
public sealed class EraseFixture : ServerFixture
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-erase-");

    public RedisFixture Redis { get; } = new();

    public byte[] Pepper { get; } = RandomNumberGenerator.GetBytes(PepperRing.PepperSize);

    private PolicyFileOnDisk Policy { get; } = new("memory: {account: true, content: true}");

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Redis.DisposeAsync();
        Policy.Dispose();
        _folder.Delete(recursive: true);
    }

    protected override async Task<IReadOnlyDictionary<string, string?>> SettingsAsync()
    {
        await Redis.InitializeAsync();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        await StoredEpochs.PlantAsync(Redis, new EpochCalendar().At(RetentionClass.Address, now).Previous, Pepper, now);
        var pepper = Path.Combine(_folder.FullName, "pepper");
        await File.WriteAllBytesAsync(pepper, Pepper);
        return new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Signals"] = Redis.ConnectionString(RedisAccount.Scorer),
            ["ConnectionStrings:Desk"] = Redis.ConnectionString(RedisAccount.Desk),
            ["Pepper:Path"] = pepper,
            ["Policy:Path"] = Policy.Path,
        };
    }
}
