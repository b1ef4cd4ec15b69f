using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SpamGuard.Desk.Ledger;

/// <summary>Has the system write files and folders to the disk: the runtime has no call for a folder, and that for a file does not say where it failed.</summary>
internal static class DiskSync
{
    /// <summary>What the runtime answers where another process holds a file's lock: EWOULDBLOCK.</summary>
    public const int WouldBlock = 11;

    /// <summary>What it answers where the file system is read-only: EROFS.</summary>
    public const int ReadOnly = 30;

    private const int Interrupted = 4; // EINTR
    private const int ReadOnlyFolder = 0x10000 | 0x80000; // O_RDONLY | O_DIRECTORY | O_CLOEXEC

    /// <summary>Writes what was written to a file to the disk.</summary>
    /// <exception cref="IOException">What the disk has of it is unknown.</exception>
    public static void File(FileStream file)
    {
        if (!OperatingSystem.IsLinux())
        {
            file.Flush(flushToDisk: true);
            return;
        }

        int result;
        do
        {
            result = Sync(file.SafeFileHandle);
        }
        while (result != 0 && Marshal.GetLastPInvokeError() == Interrupted);

        if (result != 0)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"fsync failed with errno {Marshal.GetLastPInvokeError()}."));
        }
    }

    /// <summary>Writes the names in a folder to the disk. Where the system is not Linux it does nothing.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    public static void Folder(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var folder = Open(path, ReadOnlyFolder);
        if (folder < 0)
        {
            throw new IOException("Its folder can't be opened.");
        }

        var failed = Sync(folder) != 0;
        if (Close(folder) != 0 || failed)
        {
            throw new IOException("Its folder can't be written to the disk.");
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sync(int folder);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sync(SafeFileHandle file);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int folder);
}
