using System.Globalization;
using SpamGuard.Storage;
using SpamGuard.Storage.Redis;

namespace SpamGuard.Desk.Audit;

/// <summary>Asks every server for its settings, and keeps the worst of what they say.</summary>
/// <param name="dryRun">Whether to leave the ACL log as it is.</param>
internal sealed class SettingsCheck(bool dryRun)
{
    private readonly Dictionary<StoreSetting, SortedSet<string>> _wrong = StoreSettings.All.ToDictionary(static setting => setting, static _ => new SortedSet<string>(StringComparer.Ordinal));
    private readonly HashSet<StoreSetting> _unknown = [];

    // A server of before 7 does not count its saves, and what else it says is the same after a save as after a replica was sent everything.
    private static readonly string[] Told = ["aof_enabled", "rdb_bgsave_in_progress", "rdb_saves"];

    private readonly List<StoreRefusal> _refusals = [];
    private bool _asked;

    /// <summary>What all servers together said. Where none was asked, nothing is known.</summary>
    public IReadOnlyList<SettingFinding> Findings =>
        [.. StoreSettings.All.Select(setting => new SettingFinding(
            setting,
            _wrong[setting].Count > 0 ? SettingState.Wrong : !_asked || _unknown.Contains(setting) ? SettingState.Unknown : SettingState.Ok,
            [.. _wrong[setting]]))];

    /// <summary>Whom the servers refused something, one line for a user and a reason.</summary>
    public IReadOnlyList<StoreRefusal> Refusals =>
        [.. _refusals.GroupBy(static one => (one.User, one.Reason)).Select(static same => new StoreRefusal(same.Key.User, same.Key.Reason, same.Sum(static one => one.Count)))];

    /// <summary>A server that could not be asked: of none of its settings anything is known.</summary>
    public void Unasked() => _unknown.UnionWith(StoreSettings.All);

    /// <summary>Asks one server.</summary>
    /// <exception cref="StoreException">It went away. What it had not said yet is unknown.</exception>
    public async Task AskAsync(AuditedServer server, ServerRole role)
    {
        _asked = true;
        try
        {
            // First: the questions below may be refused, and a refusal is one more entry.
            var refusals = await server.RefusalsAsync();
            _refusals.AddRange(refusals ?? []);
            Note(StoreSettings.AclLog, refusals?.Count.ToString(CultureInfo.InvariantCulture));
            Note(StoreSettings.Clock, (await server.NowAsync())?.ToString(CultureInfo.InvariantCulture));
            Note(StoreSettings.Persistence, Persistence(await server.InfoAsync("persistence"), role));
            if (!role.IsMaster)
            {
                Note(StoreSettings.Replication, role.MasterLink);
            }

            var isTold = true;
            foreach (var setting in StoreSettings.Configured)
            {
                // Every server knows the first: who does not tell it refuses the rest as well, and would write each refusal down.
                var value = isTold ? await server.SettingAsync(setting.Name) : null;
                isTold &= value is not null || setting != StoreSettings.Configured[0];
                Note(setting, value);
            }

            if (_wrong[StoreSettings.AclLog].Count > 0 && !dryRun)
            {
                await server.ForgetRefusalsAsync();
            }
        }
        catch (StoreException)
        {
            Unasked();
            throw;
        }
    }

    private void Note(StoreSetting setting, string? found)
    {
        if (found is null)
        {
            _unknown.Add(setting);
        }
        else if (!setting.Accepts(found))
        {
            _wrong[setting].Add(found);
        }
    }

    /// <summary>What a server does that reaches a disk, in words; empty for nothing, <c>null</c> where it does not tell.</summary>
    internal static string? Persistence(IReadOnlyDictionary<string, string> info, ServerRole role)
    {
        if (Told.Any(field => !info.ContainsKey(field)))
        {
            return null;
        }

        List<string> does = [];
        if (Is("aof_enabled") || Is("aof_rewrite_in_progress"))
        {
            does.Add("an append-only file");
        }

        if (Is("rdb_bgsave_in_progress") && !role.ReplicasSyncing)
        {
            does.Add("a save in progress");
        }

        if (Is("rdb_saves"))
        {
            does.Add("a save since it started");
        }

        return string.Join(", ", does);

        bool Is(string field) => info.TryGetValue(field, out var value) && !string.Equals(value, "0", StringComparison.Ordinal);
    }
}
