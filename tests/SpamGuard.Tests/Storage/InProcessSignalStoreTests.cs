using System.Buffers.Binary;
using SpamGuard.Addresses;
using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Storage.InProcess;
using static SpamGuard.Tests.Scoring.Events;

namespace SpamGuard.Tests.Storage;

public sealed class InProcessSignalStoreTests
{
    private const int Capacity = 60;
    private const int Burst = 12;

    private readonly InProcessSignalStore _store;

    public InProcessSignalStoreTests()
    {
        var clock = new VirtualClock();
        clock.Set(Start);
        _store = new InProcessSignalStore(clock, capacity: Capacity);
    }

    [Fact]
    public async Task Observe_ABurstAmongAFloodOfFreshAddresses_IsCountedWhole()
    {
        for (var i = 0; i < Burst; i++)
        {
            await ObserveAsync(1, request: i + 1);
            for (var fresh = 0; fresh < Capacity / 2; fresh++)
            {
                await ObserveAsync(100 + (Capacity * i) + fresh, request: 1000 + (Capacity * i) + fresh);
            }
        }

        var records = await _store.ReadAsync([Subject(1), Subject(100)], default);
        Assert.Equal((Burst, 0), (records[0].Today, records[1].Today));
        Assert.Equal(Capacity, _store.RecordCount);
    }

    [Fact]
    public async Task Observe_ARetryAmongAFewOthers_IsRecognised()
    {
        await ObserveAsync(1, request: 1);
        for (var other = 2; other < Capacity / 4; other++)
        {
            await ObserveAsync(other, request: other);
        }

        Assert.Equal(ReplyStatus.Replayed, await ObserveAsync(1, request: 1));
    }

    private async Task<ReplyStatus> ObserveAsync(int address, int request)
    {
        var item = new SubjectItem(Subject(address), default, Start.ToUnixTimeSeconds() + 3600, MayCreate: true, Member: 0, FastCharge: 60, SlowCharge: 3600);
        var guard = new ReplayGuard(item.Current.Token, Token(request), Fingerprint: 1, new byte[3]);
        return (await _store.ObserveAsync([new ObservedEvent([item], guard)], default))[0].Status;
    }

    private static SubjectKey Subject(int address) => new(SubjectKind.Address, Token(address));

    private static SubjectToken Token(int number)
    {
        Span<byte> bytes = stackalloc byte[SubjectToken.Size];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return new SubjectToken(bytes);
    }
}
