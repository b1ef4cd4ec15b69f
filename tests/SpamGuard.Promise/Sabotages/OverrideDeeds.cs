using SpamGuard.Promise.World;
using SpamGuard.Storage;

namespace SpamGuard.Promise.Sabotages;

/// <summary>What sabotages do to what operators said.</summary>
internal static class OverrideDeeds
{
    private const long Longer = 600;

    /// <summary>The admin deletes the list of what there is.</summary>
    public static Task LoseIndexAsync(RunningWorld world) => world.Redis.Admin.KeyDeleteAsync(Keys.OverrideIds());

    /// <summary>The scorer's account says the same once more of the same subject, under another name and for longer.</summary>
    public static async Task ForgeAsync(RunningWorld world)
    {
        var listed = OverrideIds.Read((byte[])(await world.Redis.Admin.StringGetAsync(Keys.OverrideIds()))!);
        var (id, end) = listed.MinBy(static one => one.ExpireTime);
        var said = OperatorOverride.Read(id, (byte[])(await world.Redis.Admin.StringGetAsync(Keys.Override(id)))!)!;
        var forged = said with { Id = OverrideId.New(id.Class), ExpireTime = end + Longer };
        var life = TimeSpan.FromSeconds(forged.ExpireTime - await TokenBook.SecondAsync(world.Redis.Admin));
        byte[] list = [1, .. listed.SelectMany(static one => OverrideIds.Entry(one.Id, one.ExpireTime)), .. OverrideIds.Entry(forged.Id, forged.ExpireTime)];
        await Deeds.PsetexAsync(world.Redis, Keys.Override(forged.Id), forged.Pack(), life);
        await Deeds.PsetexAsync(world.Redis, Keys.OverrideIds(), list, life);
    }
}
