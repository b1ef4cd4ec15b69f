using System.Globalization;
using System.Runtime.InteropServices;

namespace SpamGuard;

/// <summary>Has the kernel write no core dump of this process: one would hold addresses, peppers and passwords. Where the system is not Linux it does nothing.</summary>
/// <remarks>
/// The size of a core file is limited to 1 byte, and not to 0. Where <c>core_pattern</c> is a file, the kernel writes none below a page. Where it is a
/// pipe to a program, such as systemd-coredump, the kernel heeds no limit but exactly 1, at which it gives up (<c>fs/coredump.c</c>, <c>coredump_pipe</c>:
/// <c>if (cprm->limit == 1)</c>; core(5) says that pipes are not limited, and leaves this out). The hard limit goes with it, so that only a
/// process with CAP_SYS_RESOURCE can raise it again. A socket (<c>@</c>, from Linux 6.16 on) is bound by no limit, and a hard limit of 0 can't be
/// made 1: there the process is made one that is not dumped at all (PR_SET_DUMPABLE). Not everywhere, for nobody but root can then look at how it runs.
/// </remarks>
internal static class CoreDumps
{
    private const string Pattern = "/proc/sys/kernel/core_pattern";
    private const int CoreSize = 4; // RLIMIT_CORE
    private const int Dumpable = 4; // PR_SET_DUMPABLE

    /// <summary>Forbids them, from now on to the end of the process.</summary>
    /// <returns>Why that can't be, in one line; <c>null</c> where it is done.</returns>
    public static string? Forbid()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        return (SetLimit(CoreSize, new Limit(1, 1)) == 0 && !IsSocket()) || Control(Dumpable, 0, 0, 0, 0) == 0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Core dumps: found a system on which this process can't forbid them (errno {Marshal.GetLastPInvokeError()}); allowed is one that takes prctl(PR_SET_DUMPABLE).");
    }

    private static bool IsSocket()
    {
        try
        {
            return File.ReadAllText(Pattern).StartsWith('@');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true; // so it may be
        }
    }

    [DllImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetLimit(int resource, in Limit limit);

    [DllImport("libc", EntryPoint = "prctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(int option, nuint value, nuint third, nuint fourth, nuint fifth);

    /// <summary>As setrlimit takes it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Limit(nuint Soft, nuint Hard);
}
