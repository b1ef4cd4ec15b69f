using System.Text.RegularExpressions;
using SpamGuard.Testing;

namespace SpamGuard.Tests.Desk.Ledger;

/// <summary>What is acknowledged was brought to the disk before, as strace sees it; and what the disk does not take is said. They need strace, and fail without.</summary>
public sealed partial class LedgerSyncTests
{
    [Fact]
    public async Task ActAsync_EachEntry_IsSyncedBeforeAnythingElse()
    {
        using var folder = new LedgerFolder();
        folder.Write(acts: 0);
        var trace = Path.Combine(folder.Folder, "trace");
        var said = await RunAsync(folder, "-e", "trace=fsync,pwrite64,write", "-o", trace);

        Assert.Equal("Done\nDone\n\n", said);
        var calls = string.Concat((await File.ReadAllLinesAsync(trace)).Select(line => Call().Match(line) is not { Success: true } call ? string.Empty
            : (call.Groups["name"].Value, call.Groups["file"].Value) switch
            {
                ("fsync", var file) when file == folder.Folder => "F",
                ("fsync", var file) when file == folder.FilePath => "S",
                ("pwrite64", var file) when file == folder.FilePath => "W",
                ("write", _) when call.Groups["rest"].Value.StartsWith(", \"Done", StringComparison.Ordinal) => "A",
                _ => string.Empty,
            }));
        Assert.Equal("FWS" + "WSWSA" + "WSWSA", calls); // folder and last line at the start; then of each act both halves, and its answer
    }

    [Fact]
    public async Task Open_FileThatALinkLeadsTo_IsMadeAndItsOwnFolderSynced()
    {
        using var folder = new LedgerFolder();
        using var other = new LedgerFolder();
        File.CreateSymbolicLink(folder.FilePath, Path.Combine(other.Folder, "elsewhere.ndjson"));
        var trace = Path.Combine(folder.Folder, "trace");

        Assert.Equal("Done\nDone\n\n", await RunAsync(folder, "-e", "trace=fsync", "-o", trace));

        Assert.Equal(5, folder.Verify().Entries);
        var synced = (await File.ReadAllLinesAsync(trace)).Select(static line => Call().Match(line)).Where(static call => call.Success).Select(static call => call.Groups["file"].Value);
        Assert.Equal(other.Folder, synced.First());
    }

    [Fact]
    public async Task ActAsync_DiskThatDoesNotSync_IsRefusedFromThenOnAndSaidOnce()
    {
        using var folder = new LedgerFolder();
        folder.Write(acts: 0);

        var said = await RunAsync(folder, "-P", folder.FilePath, "-e", "trace=fsync", "-e", "inject=fsync:error=EIO:when=2+", "-o", "/dev/null"); // the first is the start's

        Assert.Equal(
            "Unwritable\nUnwritable\nThe ledger is not as it must be, and nothing is entered any more, nor done, until the desk is restarted: the disk did not take what it was to sync\n", said);
    }

    private static async Task<string> RunAsync(LedgerFolder folder, params IEnumerable<string> options)
    {
        using var child = LedgerChild.Trace(options, LedgerChild.Twice, folder.Folder, folder.KeyPath);
        var said = await child.StandardOutput.ReadToEndAsync().DefaultTimeout();
        await child.WaitForExitAsync().DefaultTimeout();
        return said;
    }

    [GeneratedRegex(@"^(?:\d+ +)?(?<name>fsync|pwrite64|write)\(\d+<(?<file>[^>]*)>(?<rest>.*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Call();
}
