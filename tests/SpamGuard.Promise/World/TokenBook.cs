using System.Security.Cryptography;
using SpamGuard.Addresses;
using SpamGuard.Epochs;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Testing.Privacy;
using StackExchange.Redis;

namespace SpamGuard.Promise.World;

/// <summary>What somebody can recognise who has a copy of the store and a pepper: the keys of addresses, made again from pepper and salts.</summary>
internal static class TokenBook
{
    /// <summary>The records of addresses, networks and regions that are in the store now, recognised by a pepper and the salts that are there.</summary>
    /// <param name="store">The store.</param>
    /// <param name="pepper">The pepper.</param>
    /// <param name="addresses">The addresses that are looked for.</param>
    public static async Task<IReadOnlyList<string>> RecognisedAsync(IDatabase store, byte[] pepper, params IReadOnlyList<string> addresses)
    {
        var keys = (await KeyspaceSink.KeysAsync(store)).Select(static key => key.ToString()).ToHashSet(StringComparer.Ordinal);
        var made = new List<string>();
        foreach (var key in keys.Where(IsSalt))
        {
            if ((byte[]?)await store.StringGetAsync(key) is { } salt)
            {
                made.AddRange(Made(key, EpochRecord.Read(salt), pepper, addresses));
            }
        }

        return [.. made.Where(keys.Contains).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The same with what each holds.</summary>
    public static async Task<IReadOnlyList<string>> RecordsAsync(IDatabase store, byte[] pepper, string address)
    {
        var records = new List<string>();
        foreach (var key in await RecognisedAsync(store, pepper, address))
        {
            records.Add($"{key} {Canaries.Piece((byte[]?)await store.StringGetAsync(key))}");
        }

        return records;
    }

    /// <summary>The keys of the salts that are in the store.</summary>
    public static async Task<IReadOnlyList<string>> SaltsAsync(IDatabase store) =>
        [.. (await KeyspaceSink.KeysAsync(store)).Select(static key => key.ToString()).Where(IsSalt)];

    /// <summary>Plants the salt of the address epoch before this one, as if the service had run for longer than one.</summary>
    public static async Task PlantPreviousAsync(IDatabase store, byte[] pepper)
    {
        var calendar = new EpochCalendar();
        var now = await SecondAsync(store);
        var epoch = calendar.At(RetentionClass.Address, now).Previous;
        var record = new EpochRecord(Generation: 1, PepperRing.Name(pepper), RandomNumberGenerator.GetBytes(EpochRecord.SaltSize));
        await store.StringSetAsync(Keys.Epoch(epoch), record.Pack(), TimeSpan.FromSeconds(calendar.End(epoch) - now - 1)); // the second has begun
    }

    /// <summary>The tokens of one address, by every salt of addresses that is in the store: as they stand in keys, newest epoch first.</summary>
    public static async Task<IReadOnlyList<string>> AddressTokensAsync(IDatabase store, byte[] pepper, string address)
    {
        var tokens = new List<string>();
        foreach (var key in (await SaltsAsync(store)).Where(static key => key[5] == RetentionClass.Address.Letter).OrderByDescending(static key => key, StringComparer.Ordinal))
        {
            if ((byte[]?)await store.StringGetAsync(key) is { } salt)
            {
                tokens.AddRange(Made(key, EpochRecord.Read(salt), pepper, [address]).Select(static made => made[6..^1]));
            }
        }

        return tokens;
    }

    /// <summary>The store's clock, in unix seconds.</summary>
    public static async Task<long> SecondAsync(IDatabase store) => (long)((RedisResult[])(await store.ExecuteAsync("TIME"))!)[0];

    private static bool IsSalt(string key) => key.StartsWith("sg:e:", StringComparison.Ordinal);

    private static IEnumerable<string> Made(string key, EpochRecord record, byte[] pepper, IReadOnlyList<string> addresses)
    {
        var retention = RetentionClass.Salted.Single(retention => retention.Letter == key[5]);
        using var secret = new EpochSecret(new EpochId(retention, 0), record, pepper, hash: null);
        foreach (var address in addresses)
        {
            if (!ClientAddress.TryParse(address, out var parsed))
            {
                throw new ArgumentException("Not an address.", nameof(addresses));
            }

            foreach (var kind in (SubjectKind[])[SubjectKind.Address, SubjectKind.Network, SubjectKind.Region])
            {
                if (kind.Class() == retention)
                {
                    yield return System.Text.Encoding.ASCII.GetString(Keys.Subject(secret.Hasher.Key(kind, parsed)));
                }
            }
        }
    }
}
