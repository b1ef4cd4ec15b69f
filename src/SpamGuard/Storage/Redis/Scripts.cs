namespace SpamGuard.Storage.Redis;

/// <summary>The scripts of the store. Each one's own file says what its keys, arguments and reply are.</summary>
/// <param name="Observe"><c>observe.lua</c>.</param>
/// <param name="Report"><c>report.lua</c>.</param>
/// <param name="Epoch"><c>epoch.lua</c>.</param>
/// <param name="Add"><c>add.lua</c>.</param>
/// <param name="Erase"><c>erase.lua</c>.</param>
/// <param name="Override"><c>override.lua</c>.</param>
/// <param name="OverrideIds"><c>override-ids.lua</c>.</param>
internal sealed record Scripts(Script Observe, Script Report, Script Epoch, Script Add, Script Erase, Script Override, Script OverrideIds)
{
    /// <summary>The one line that reads a clock.</summary>
    public const string ClockLine = "local time = redis.call('TIME')";

    /// <summary>As they run in service.</summary>
    public static Scripts InService { get; } = new(
        Script.Of("retention.lua", "record.lua", "observe.lua"),
        Script.Of("retention.lua", "record.lua", "report.lua"),
        Script.Of("retention.lua", "epoch.lua"),
        Script.Of("retention.lua", "add.lua"),
        Script.Of("retention.lua", "erase.lua"),
        Script.Of("retention.lua", "override.lua"),
        Script.Of("retention.lua", "override-ids.lua"));
}
