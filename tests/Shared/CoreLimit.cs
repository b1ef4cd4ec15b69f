using System.Globalization;
using System.Runtime.InteropServices;

namespace SpamGuard.Testing;

/// <summary>How large a core dump of a process may be, as Linux has it.</summary>
internal static class CoreLimit
{
    private const string Line = "Max core file size";
    private const string Capabilities = "CapEff:";
    private const int CoreSize = 4; // RLIMIT_CORE
    private const int Resources = 24; // CAP_SYS_RESOURCE

    /// <summary>Whether this process may raise the limit of another: root may, where no container has taken that away.</summary>
    public static bool CanBeRaised { get; } =
        File.ReadLines("/proc/self/status").FirstOrDefault(static line => line.StartsWith(Capabilities, StringComparison.Ordinal)) is { } held
        && ((ulong.Parse(held[Capabilities.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> Resources) & 1) == 1;

    /// <summary>The soft and the hard limit of a process: numbers of bytes, or <c>unlimited</c>.</summary>
    public static (string Soft, string Hard) Of(int processId)
    {
        var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/limits")).Single(static line => line.StartsWith(Line, StringComparison.Ordinal));
        var limits = line[Line.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (limits[0], limits[1]);
    }

    /// <summary>Takes the limit of a process away.</summary>
    /// <exception cref="InvalidOperationException">It can't be.</exception>
    public static void Raise(int processId)
    {
        if (SetLimit(processId, CoreSize, new Limit(nuint.MaxValue, nuint.MaxValue), 0) != 0)
        {
            throw new InvalidOperationException($"The limit can't be raised (errno {Marshal.GetLastPInvokeError()}).");
        }
    }

    [DllImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetLimit(int processId, int resource, in Limit limit, nint before);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Limit(nuint Soft, nuint Hard);
}
