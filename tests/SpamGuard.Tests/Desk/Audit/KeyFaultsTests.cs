using System.Text;
using SpamGuard.Desk.Audit;
using SpamGuard.Storage;
using SpamGuard.Storage.Redis;

namespace SpamGuard.Tests.Desk.Audit;

public sealed class KeyFaultsTests
{
    private const long Day = 86_400_000;

    [Fact]
    public void Of_KeyAtItsCapOrAboveIt_IsAFaultOnlyAbove() => Assert.All(Keys.KindsByClass, static kind =>
    {
        Assert.Null(KeyFaults.Of(kind, kind.CapSeconds * 1000));
        Assert.Equal(KeyFault.OverCap, KeyFaults.Of(kind, (kind.CapSeconds * 1000) + 1));
        Assert.Equal(KeyFault.OverCap, KeyFaults.Of(kind, (kind.CapSeconds + 1) * 1000));
        Assert.Equal(KeyFault.WithoutTtl, KeyFaults.Of(kind, AuditedServer.Forever));
        Assert.Null(KeyFaults.Of(kind, AuditedServer.Gone));
    });

    [Theory]
    [InlineData(-2, null)]
    [InlineData(-1, "WithoutTtl")]
    [InlineData(Day, "UnknownKind")]
    [InlineData(30 * Day, "UnknownKind")]
    [InlineData((30 * Day) + 900_000, "UnknownKind")]
    [InlineData((30 * Day) + 900_001, "OverCap")]
    public void Of_KeyOfNoKind_EndsWithinWhatSomeKindMayLiveOrIsDeleted(long remaining, string? fault) =>
        Assert.Equal(fault, KeyFaults.Of(kind: null, remaining)?.ToString());

    [Theory]
    [InlineData("sg:e:a123", "address", 123)]
    [InlineData("sg:e:n7", "network", 7)]
    [InlineData("sg:e:a12x", null, 0)]
    [InlineData("sg:e:a", null, 0)]
    [InlineData("sg:e:x12", null, 0)]
    [InlineData("sg:a:a12", null, 0)]
    public void EpochOf_Key_IsTheEpochOfASalt(string key, string? retention, int number)
    {
        var epoch = Keys.EpochOf(Encoding.ASCII.GetBytes(key));

        Assert.Equal((retention, number), (epoch?.Class.Name, epoch?.Number ?? 0));
    }

    [Fact]
    public void Of_SaltThatWouldOutliveItsEpoch_IsAFaultWithinItsCap()
    {
        var salts = Keys.KindOf("sg:e:a123");

        Assert.Null(KeyFaults.Of(salts, Day, end: Day));
        Assert.Equal(KeyFault.OverCap, KeyFaults.Of(salts, Day + 1, end: Day));
    }

    [Theory]
    [InlineData("sg:a:{x}", 'a', "address")]
    [InlineData("sg:c:{x}", 'c', "network")]
    [InlineData("sg:e:a1", 'e', "address")]
    [InlineData("sg:e:n1", 'e', "network")]
    [InlineData("sg:w:all", 'w', "aggregate")]
    [InlineData("sg:x:a00000000000000ff", 'x', "address")]
    [InlineData("sg:x:n:ids", 'x', "network")]
    public void KindOf_Bytes_IsKindAndClass(string key, char letter, string retention)
    {
        var kind = Keys.KindOf(Encoding.ASCII.GetBytes(key));

        Assert.Equal((letter, retention), (kind?.Letter, kind?.Class.Name));
    }

    [Fact]
    public void KindOf_BytesThatAreNoText_IsNone() => Assert.Null(Keys.KindOf([0x73, 0x67, 0x3a, 0xff, 0x3a, 0xfe, 0xfd]));
}
