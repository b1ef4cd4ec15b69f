using CsCheck;
using SpamGuard.Retention;

namespace SpamGuard.Tests.Retention;

public sealed class EpochCalendarTests
{
    private static readonly Gen<(RetentionClass Class, long Now, ushort Prefix, long Phase)> Cases = Gen.Select(
        Gen.Bool.Select(address => address ? RetentionClass.Address : RetentionClass.Network), Gen.Long[0, 4_000_000_000], Gen.UShort, Gen.Long[0, 2_000_000]);

    [Fact]
    public void ToString_OfAnEpoch_NamesClassAndNumberAndEnds() =>
        Assert.Equal("network epoch 1370", new EpochId(RetentionClass.Network, 1370).ToString());

    [Fact]
    public void Deadline_OfAnyRecordAtAnyTime_IsAheadAndWithinTheCap() => Cases.Sample(c =>
    {
        var calendar = new EpochCalendar(c.Phase);
        var epoch = calendar.At(c.Class, c.Now);
        var left = calendar.Deadline(epoch, c.Prefix) - c.Now;

        Assert.InRange(c.Now, calendar.Start(epoch), calendar.Start(epoch.Next) - 1);
        Assert.InRange(left, 1, c.Class.CapSeconds - 1);
        Assert.True(left > (c.Class.EpochSeconds * 31 / 32) - 2, "a record lives for all of the next epoch but a 32nd");
        Assert.Equal(calendar.Start(epoch.Next.Next), calendar.End(epoch));
    });

    [Fact]
    public void Deadline_WithOtherLives_IsAheadAndWithinTheLifeThatWasGiven() =>
        Gen.Select(Cases, Gen.Int[3600, 90 * 86_400], Gen.Int[3600, 90 * 86_400]).Sample((c, address, network) =>
        {
            var lives = new RetentionLives(TimeSpan.FromSeconds(address), TimeSpan.FromSeconds(network));
            var calendar = new EpochCalendar(c.Phase, lives);
            var epoch = calendar.At(c.Class, c.Now);
            var left = calendar.Deadline(epoch, c.Prefix) - c.Now;

            Assert.InRange(c.Now, calendar.Start(epoch), calendar.Start(epoch.Next) - 1);
            Assert.InRange(left, 1, (c.Class == RetentionClass.Address ? address : network) - 1);
            Assert.InRange(left, 1, lives.CapSeconds(c.Class) - 1);
            Assert.True(left > (lives.EpochSeconds(c.Class) * 31 / 32) - 2, "a record lives for all of the next epoch but a 32nd");
        });

    [Fact]
    public void Lives_OfAService_AreThoseOfTheClasses() =>
        Assert.All(RetentionClass.Salted, retention =>
        {
            Assert.Equal(retention.CapSeconds, RetentionLives.OfService.CapSeconds(retention));
            Assert.Equal(retention.EpochSeconds, RetentionLives.OfService.EpochSeconds(retention));
            Assert.Equal(retention.CapSeconds, new EpochCalendar().End(new EpochId(retention, 7)) - new EpochCalendar().Start(new EpochId(retention, 7)));
        });

    [Fact]
    public void Deadline_OfManyTokens_SpreadsOverAThirtySecondOfAnEpoch()
    {
        var calendar = new EpochCalendar();
        foreach (var retention in RetentionClass.Salted)
        {
            var epoch = new EpochId(retention, 100);
            Assert.Equal(calendar.End(epoch) - 1, calendar.Deadline(epoch, 0));
            var last = calendar.End(epoch) - 1 - (retention.EpochSeconds / 32);
            Assert.InRange(calendar.Deadline(epoch, ushort.MaxValue), last, last + 20);
        }
    }

    [Fact]
    public void Start_WithoutAPhase_IsAtMidnightOrNoonUtc()
    {
        var calendar = new EpochCalendar();
        for (var number = 5000; number < 5010; number++)
        {
            Assert.Equal(0, calendar.Start(new EpochId(RetentionClass.Address, number)) % 43_200);
            Assert.Equal(0, calendar.Start(new EpochId(RetentionClass.Network, number)) % 86_400);
        }
    }

    [Fact]
    public void Classes_AreWhatIsPromised()
    {
        Assert.Equal((302_400, 604_800), (RetentionClass.Address.EpochSeconds, RetentionClass.Address.CapSeconds));
        Assert.Equal((1_296_000, 2_592_000), (RetentionClass.Network.EpochSeconds, RetentionClass.Network.CapSeconds));
        Assert.Equal(2_592_000, RetentionClass.Aggregate.CapSeconds);
        Assert.All(RetentionClass.Salted, retention => Assert.Equal(2 * retention.EpochSeconds, retention.CapSeconds));
    }
}
