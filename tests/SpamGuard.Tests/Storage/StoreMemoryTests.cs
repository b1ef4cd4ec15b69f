using SpamGuard.Retention;
using SpamGuard.Storage;
using SpamGuard.Storage.Redis;

namespace SpamGuard.Tests.Storage;

public sealed class StoreMemoryTests
{
    [Fact]
    public void Is_ShareRisesAndFalls_ChangesAboveOneShareAndBelowTheOtherAndNotByWhatIsUnknown()
    {
        var memory = new StoreMemory();
        var changes = new double?[] { 0.5, 0.85, 0.851, 0.9, 0.81, 0.80, 0.82, null, 0.9, null, 0.7 }.Select(share => (memory.Is(share), memory.IsTight));

        Assert.Equal(
            [(false, false), (false, false), (true, true), (false, true), (false, true), (true, false), (false, false), (false, false), (true, true), (false, true), (true, false)],
            changes);
    }

    [Fact]
    public void MayCreate_Tight_IsForNetworksAndRegionsOnly()
    {
        var memory = new StoreMemory();
        Assert.All(Enum.GetValues<SubjectKind>(), kind => Assert.True(memory.MayCreate(kind)));

        memory.Is(0.9);

        Assert.Equal([SubjectKind.Network, SubjectKind.Region], Enum.GetValues<SubjectKind>().Where(memory.MayCreate));
    }

    [Theory]
    [InlineData("used_memory:900\r\nused_memory_rss:1\r\nmaxmemory:1000\r\nmaxmemory_human:1K\r\nmem_not_counted_for_evict:100\r\n", "evicted_keys:7\r\n", 800, 1000, 7)]
    [InlineData("used_memory:900\nmaxmemory:0\n", null, 900, 0, 0)]
    public void Reading_OfInfo_TakesWhatCountsTowardsTheLimit(string memory, string? stats, long used, long limit, long evicted) =>
        Assert.Equal(new StoreMemoryReading(used, limit, evicted), StoreMemoryReading.Of(memory, stats));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("used_memory:900\r\n")]
    [InlineData("used_memory:900\r\nmaxmemory:much\r\n")]
    public void Reading_OfSomethingElse_IsNone(string? memory) => Assert.Null(StoreMemoryReading.Of(memory, "evicted_keys:7\r\n"));

    [Fact]
    public void Share_WithoutALimit_IsNone() => Assert.Equal(0, new StoreMemoryReading(900, 0, 0).Share);
}
