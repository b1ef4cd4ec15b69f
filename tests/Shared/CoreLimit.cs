using System.Globalization;

namespace SpamGuard.Testing;

/// <summary>How large a core dump of a process may be, as Linux has it.</summary>
internal static class CoreLimit
{
    private const string Line = "Max core file size";
    private const string Capabilities = "CapEff:";
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
}
