using System.Globalization;
using System.Runtime.InteropServices;

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
            result = Called.Sync((int)file.SafeFileHandle.DangerousGetHandle()); // whoever calls this holds the file
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

        var failed = Called.Sync(folder) != 0;
        if (Close(folder) != 0 || failed)
        {
            throw new IOException("Its folder can't be written to the disk.");
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int folder);

    /// <summary>fsync as the process has it: what is loaded before the system's library, as file systems and tests do, counts.</summary>
    private static class Called
    {
        public static readonly Call Sync = Marshal.GetDelegateForFunctionPointer<Call>(NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "fsync"));

        [UnmanagedFunctionPointer(CallingConvention.Cdecl, SetLastError = true)]
        public delegate int Call(int file);
    }
}
