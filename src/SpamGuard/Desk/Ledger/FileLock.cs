using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SpamGuard.Desk.Ledger;

/// <summary>An advisory lock of an open file that hinders nobody from reading it. Where the system is not Linux there is none.</summary>
/// <remarks>
/// Not the runtime's: by that every reader takes one that excludes it (flock), or closing any reader gives it up (fcntl by process). This one is of the open file
/// (Linux's F_OFD_SETLK), and goes with it, by the end of the process too.
/// </remarks>
internal static class FileLock
{
    private const int SetOfOpenFile = 37; // F_OFD_SETLK
    private const int Denied = 13; // EACCES, the other errno for a lock that somebody has
    private const short OfWriter = 1; // F_WRLCK
    private const short OfNobody = 2; // F_UNLCK

    /// <summary>Takes it.</summary>
    /// <exception cref="IOException">Somebody else has it, or there can be none; the message is fit for a log.</exception>
    public static void Take(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        if (!IsSet(file, OfWriter))
        {
            throw new IOException(Marshal.GetLastPInvokeError() is DiskSync.WouldBlock or Denied ? "which another process uses" : "whose file system can't lock it");
        }
    }

    /// <summary>Gives it up, before the file is closed: closing does so too, but only in the end where this process is just starting another, which has all that is open until it runs its own program.</summary>
    public static void GiveUp(SafeFileHandle file) => _ = !OperatingSystem.IsLinux() || IsSet(file, OfNobody); // refused, it goes when the file is closed

    private static bool IsSet(SafeFileHandle file, short type)
    {
        var whole = new Range { Type = type }; // from the first byte to wherever the end will be
        return Control(file, SetOfOpenFile, ref whole) == 0;
    }

    [DllImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(SafeFileHandle file, int command, ref Range range);

    [StructLayout(LayoutKind.Sequential)]
    private struct Range
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int ProcessId;
    }
}
