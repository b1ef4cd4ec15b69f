using SpamGuard.Epochs;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Testing;
using StackExchange.Redis;

namespace SpamGuard.IntegrationTests.Desk;

/// <summary>What who holds the pepper and all of the store can do: make an address' tokens again, by the salts that lie there.</summary>
internal sealed class StoredEpochs : IDisposable
{
    private readonly List<EpochSecret> _secrets = [];

    /// <summary>Every address epoch in the store, the latest first.</summary>
    public IReadOnlyList<EpochSecret> Addresses => _secrets;

    public static async Task<StoredEpochs> ReadAsync(RedisFixture redis, byte[] pepper, long now)
    {
        var epochs = new StoredEpochs();
        var current = new EpochCalendar().At(RetentionClass.Address, now);
        foreach (var id in (EpochId[])[current.Next, current, current.Previous])
        {
            var value = (byte[]?)await redis.Admin.StringGetAsync(Keys.Epoch(id)).DefaultTimeout();
            if (value is not null)
            {
                epochs._secrets.Add(new EpochSecret(id, EpochRecord.Read(value), pepper, hash: null));
            }
        }

        return epochs;
    }

    /// <summary>Plants a salt, as a process of an earlier time left it.</summary>
    public static Task PlantAsync(RedisFixture redis, EpochId id, byte[] pepper, long now)
    {
        var salt = new byte[EpochRecord.SaltSize];
        salt.AsSpan().Fill(7);
        var left = (new EpochCalendar().End(id) - now) * 1000;
        return redis.Admin.ExecuteAsync("PSETEX", (RedisKey)Keys.Epoch(id), left, new EpochRecord(1, new PepperRing(pepper).NewestId, salt).Pack()).DefaultTimeout();
    }

    public void Dispose() => _secrets.ForEach(secret => secret.Dispose());
}
