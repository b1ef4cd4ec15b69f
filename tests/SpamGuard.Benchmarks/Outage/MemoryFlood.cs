using System.Diagnostics;
using SpamGuard.Addresses;
using SpamGuard.Benchmarks.Report;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Benchmarks.Outage;

/// <summary>Fills an outage's memory with a flood of fresh addresses, each with a request id: it can grow no further.</summary>
internal static class MemoryFlood
{
    private const int ContextBytes = 89;

    public static async Task<OutageMemory> MeasureAsync(CancellationToken cancellationToken)
    {
        var clock = new StoreClock(TimeProvider.System);
        var health = new StoreHealth(TimeProvider.System, clock);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var memory = health.Failed().Memory;
        var random = new Random(1);
        var longest = TimeSpan.Zero;
        for (var i = 0; i < 2 * StoreHealth.MemoryCapacity; i++)
        {
            SubjectItem[] items = [.. ((SubjectKind[])[SubjectKind.Address, SubjectKind.Network, SubjectKind.Region]).Select(kind => Item(kind, Token(random), clock.Now))];
            var guard = new ReplayGuard(items[0].Current.Token, Token(random), Fingerprint: 1, new byte[ContextBytes]);
            var began = Stopwatch.GetTimestamp();
            await memory.ObserveAsync([new ObservedEvent(items, guard)], cancellationToken);
            var took = Stopwatch.GetElapsedTime(began);
            longest = took > longest ? took : longest;
        }

        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(health);
        return new OutageMemory(memory.RecordCount, after - before, longest);
    }

    private static SubjectItem Item(SubjectKind kind, SubjectToken token, long now) =>
        new(new SubjectKey(kind, token), default, now + RetentionClass.Address.EpochSeconds, MayCreate: true, Member: 0, FastCharge: 60, SlowCharge: 3600);

    private static SubjectToken Token(Random random)
    {
        Span<byte> bytes = stackalloc byte[SubjectToken.Size];
        random.NextBytes(bytes);
        return new SubjectToken(bytes);
    }
}
