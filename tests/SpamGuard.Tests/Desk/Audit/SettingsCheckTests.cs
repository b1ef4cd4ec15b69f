using SpamGuard.Desk.Audit;
using SpamGuard.Storage.Redis;

namespace SpamGuard.Tests.Desk.Audit;

public sealed class SettingsCheckTests
{
    private static readonly ServerRole Alone = new(IsMaster: true, Replicas: 0, ReplicasSyncing: false, History: string.Empty, MasterLink: null);

    [Theory]
    [InlineData("aof_enabled")]
    [InlineData("rdb_bgsave_in_progress")]
    [InlineData("rdb_saves")]
    public void Persistence_FieldIsNotTold_IsUnknown(string missing) => Assert.Null(Of(missing, null));

    [Theory]
    [InlineData("aof_enabled", "an append-only file")]
    [InlineData("rdb_bgsave_in_progress", "a save in progress")]
    [InlineData("rdb_saves", "a save since it started")]
    public void Persistence_FieldIsNotNought_IsTold(string field, string told) => Assert.Equal(told, Of(field, "1"));

    [Fact]
    public void Persistence_AllNought_IsNone() => Assert.Equal(string.Empty, Of("rdb_saves", "0"));

    private static string? Of(string field, string? value)
    {
        var info = new Dictionary<string, string>(StringComparer.Ordinal) { ["aof_enabled"] = "0", ["rdb_bgsave_in_progress"] = "0", ["rdb_saves"] = "0" };
        info.Remove(field);
        if (value is not null)
        {
            info[field] = value;
        }

        return SettingsCheck.Persistence(info, Alone);
    }
}
