using SpamGuard.Epochs;

namespace SpamGuard.Tests.Epochs;

public sealed class PepperRingTests
{
    [Fact]
    public void ForThisRun_TwoTimes_IsNotTheSame() => Assert.NotEqual(PepperRing.ForThisRun().NewestId, PepperRing.ForThisRun().NewestId);

    [Fact]
    public void Replace_ByOthers_ZeroesThoseBeforeAndFindsTheNew()
    {
        byte[] old = [.. Pepper(1)], kept = [.. Pepper(2)];
        var (oldId, keptId, newId) = (PepperRing.Name(old), PepperRing.Name(kept), PepperRing.Name(Pepper(3)));
        using var ring = new PepperRing(kept, old);
        var copy = ring.Find(oldId);

        ring.Replace([Pepper(3), Pepper(2)]);

        Assert.Equal(new byte[PepperRing.PepperSize], old);
        Assert.Equal(new byte[PepperRing.PepperSize], kept);
        Assert.Equal(Pepper(1), copy); // who derives keys at that moment has one of its own
        Assert.Equal((newId, 2), (ring.NewestId, ring.Count));
        Assert.Equal(Pepper(2), ring.Find(keptId));
        Assert.Null(ring.Find(oldId));
    }

    [Fact]
    public void Dispose_OfARing_ZeroesItAndFindsNothing()
    {
        byte[] pepper = [.. Pepper(1)];
        var ring = new PepperRing(pepper);
        var id = ring.NewestId;

        ring.Dispose();

        Assert.Equal(new byte[PepperRing.PepperSize], pepper);
        Assert.Null(ring.Find(id));
        Assert.Equal(id, ring.NewestId);
    }

    [Fact]
    public void Replace_ByNoneOrAShortOne_IsRefused()
    {
        using var ring = PepperRing.ForThisRun();
        Assert.Throws<ArgumentException>(() => ring.Replace([]));
        Assert.Throws<ArgumentException>(() => ring.Replace([new byte[31]]));
        Assert.Equal(1, ring.Count);
    }

    private static byte[] Pepper(byte value) => [.. Enumerable.Repeat(value, PepperRing.PepperSize)];
}
