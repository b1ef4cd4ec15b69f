using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using SpamGuard.Desk.Ledger;

namespace SpamGuard.Tests.Desk.Ledger;

/// <summary>A process with a ledger of its own: the entry of this program. What it does it says on standard output, a line each.</summary>
internal static class LedgerChild
{
    public const string Ready = "ready";

    /// <summary>Opens a ledger and holds it.</summary>
    public const string Hold = "hold";

    /// <summary>Begins an act that never ends.</summary>
    public const string Act = "act";

    /// <summary>Acts while its files may not grow beyond the ledger's length and so many bytes: the kernel writes as much of an entry as fits, as where a disk is full.</summary>
    public const string Full = "full";

    /// <summary>Acts twice, and says what was logged of the ledger not being sound.</summary>
    public const string Twice = "twice";

    public static async Task<int> Main(string[] args)
    {
        var log = new RecordingLogger<DeskLedger>();
        using var ledger = LedgerFolder.Open(args[1], args[2], log);
        switch (args[0])
        {
            case Hold:
                await WaitAsync();
                break;
            case Act:
                await ledger.ActAsync<int>(LedgerAct.SubjectErase, LedgerFolder.Somebody, [], async _ =>
                {
                    await WaitAsync();
                    return default;
                });
                break;
            case Full:
                await ActOnFullDiskAsync(ledger, long.Parse(args[3], CultureInfo.InvariantCulture));
                break;
            case Twice:
                await SayAsync(() => LedgerFolder.ActAsync(ledger));
                await SayAsync(() => LedgerFolder.ActAsync(ledger));
                await Console.Out.WriteLineAsync(string.Join('\n', log.Entries.Where(static entry => entry.Id == EventIds.LedgerUnsound).Select(static entry => entry.Text)));
                break;
        }

        return 0;
    }

    /// <summary>Starts one.</summary>
    public static Process Start(params IEnumerable<string> args)
    {
        return Start("dotnet", [typeof(LedgerChild).Assembly.Location, .. args]);
    }

    /// <summary>Starts one under strace, which must be installed.</summary>
    /// <param name="options">Of strace.</param>
    /// <param name="args">Of the process.</param>
    public static Process Trace(IEnumerable<string> options, params IEnumerable<string> args) =>
        Start("strace", ["-f", "-qq", "-y", "-e", "signal=none", .. options, "dotnet", typeof(LedgerChild).Assembly.Location, .. args]);

    private static Process Start(string program, IEnumerable<string> args)
    {
        var start = new ProcessStartInfo(program, args)
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardInput = true,
        };
        return Process.Start(start)!;
    }

    private static async Task WaitAsync()
    {
        await Console.Out.WriteLineAsync(Ready);
        await Console.In.ReadToEndAsync();
    }

    private static async Task ActOnFullDiskAsync(DeskLedger ledger, long room)
    {
        _ = Signal(FileSizeSignal, Ignored);
        Limit((ulong)(new FileInfo(ledger.FilePath).Length + room));
        await SayAsync(() => LedgerFolder.ActAsync(ledger));
        Limit(ulong.MaxValue);
        await SayAsync(() => LedgerFolder.ActAsync(ledger));
    }

    private static async Task SayAsync(Func<Task> act)
    {
        try
        {
            await act();
            await Console.Out.WriteLineAsync("Done");
        }
        catch (LedgerException e)
        {
            await Console.Out.WriteLineAsync(e.Failure.ToString());
        }
    }

    private const int FileSizeSignal = 25; // SIGXFSZ, which else ends the process
    private const nint Ignored = 1; // SIG_IGN
    private const int FileSize = 1; // RLIMIT_FSIZE

    private static void Limit(ulong bytes)
    {
        var limit = new Limits { Soft = bytes, Hard = ulong.MaxValue };
        if (SetLimit(FileSize, ref limit) != 0)
        {
            throw new InvalidOperationException("The limit can't be set.");
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Limits
    {
        public ulong Soft;
        public ulong Hard;
    }

    [DllImport("libc", EntryPoint = "setrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetLimit(int resource, ref Limits limit);

    [DllImport("libc", EntryPoint = "signal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Signal(int number, nint handler);
}
