using System.Runtime.InteropServices;

namespace SpamGuard.Testing;

/// <summary>How large files may become that a running process writes. Needs no rights and no mount: a full disk for one process.</summary>
/// <remarks>
/// A write beyond it is cut short, and fails like one on a full disk: by an error, where the process ignores SIGXFSZ
/// (<see cref="IgnoreItsSignal"/>). Set it once the process runs, for the runtime's own memory is a file at its start.
/// </remarks>
internal static class FileSizeLimit
{
    /// <summary>What a shell does before it starts the process.</summary>
    public const string IgnoreItsSignal = "trap '' XFSZ; exec";

    private const int FileSize = 1; // RLIMIT_FSIZE

    /// <summary>Sets it.</summary>
    /// <exception cref="InvalidOperationException">It can't be set.</exception>
    public static void Set(int processId, long bytes)
    {
        Check(Control(processId, FileSize, 0, out var held));
        Check(Exchange(processId, FileSize, held with { Soft = (ulong)bytes }, 0));
    }

    /// <summary>Takes it away.</summary>
    /// <exception cref="InvalidOperationException">It can't be taken away.</exception>
    public static void Lift(int processId)
    {
        Check(Control(processId, FileSize, 0, out var held));
        Check(Exchange(processId, FileSize, held with { Soft = held.Hard }, 0));
    }

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new InvalidOperationException($"prlimit failed with errno {Marshal.GetLastPInvokeError()}.");
        }
    }

    [DllImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(int processId, int resource, nint limit, out Limit held);

    [DllImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Exchange(int processId, int resource, in Limit limit, nint held);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Limit(ulong Soft, ulong Hard);
}
