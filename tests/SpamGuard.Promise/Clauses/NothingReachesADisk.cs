using SpamGuard.Promise.World;
using SpamGuard.Testing;
using StackExchange.Redis;

namespace SpamGuard.Promise.Clauses;

/// <summary>What the store is set to write, what it wrote, and what the service wrote.</summary>
internal sealed class NothingReachesADisk : IClause
{
    /// <summary>Settings under which a value, a key or a command would outlive its expiry.</summary>
    private static readonly (string Setting, string Value)[] Needed =
    [
        ("save", ""), ("appendonly", "no"), ("repl-diskless-sync", "yes"), ("repl-diskless-load", "swapdb"), ("rdb-del-sync-files", "yes"),
        ("slowlog-log-slower-than", "-1"), ("crash-log-enabled", "no"),
    ];

    public string Name => "nothing reaches a disk";

    public string Promise => "Neither the store nor the service writes a file, a log of commands or a dump in which a value would outlive its expiry.";

    public async Task RunAsync(RunningWorld world, Findings findings, CancellationToken cancellationToken)
    {
        foreach (var (setting, value) in Needed)
        {
            var answer = (RedisResult[])(await world.Redis.Admin.ExecuteAsync("CONFIG", "GET", setting))!;
            var found = answer.Length == 2 ? answer[1].ToString() : "unknown";
            findings.Must(found == value, $"{setting} is \"{found}\"");
        }

        var files = Directory.GetFileSystemEntries(world.Redis.Folder).Length;
        findings.Must(files == 0, $"{files} files in the store's folder");
        var slow = (long)await world.Redis.Admin.ExecuteAsync("SLOWLOG", "LEN");
        findings.Must(slow == 0, $"{slow} entries in the store's slow log");
        var sockets = Directory.GetFileSystemEntries(world.ServiceFolder, "dotnet-diagnostic-*").Length;
        findings.Must(sockets == 0, $"{sockets} sockets by which the service could be made to write a dump");
        var dumps = world.Service.Setting("DOTNET_DbgEnableMiniDump") ?? "0";
        findings.Must(dumps == "0", $"dumps of the service's memory on a crash are set to {dumps}");
        var (soft, hard) = CoreLimit.Of(world.Service.Id);
        findings.Must(soft is "0" or "1" && hard is "0" or "1", $"a core dump of the service by the kernel may have {soft} bytes, and {hard} at most (1 is none, by a pipe neither; 0 where it was so before the start)");
        var written = Directory.GetFiles(world.ServiceFolder, "*", SearchOption.AllDirectories).Length - sockets;
        findings.Must(written <= 0, $"{Math.Max(0, written)} files in the service's temporary folder");
    }
}
