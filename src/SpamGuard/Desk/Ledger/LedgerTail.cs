namespace SpamGuard.Desk.Ledger;

/// <summary>
/// What a crash or a power cut may have left of an append, which nobody was told of; who cuts an entry that was acknowledged leaves the same, and only a kept head tells.
/// Everything else at the end of a file is the work of somebody, or of a failing disk.
/// </summary>
internal static class LedgerTail
{
    private const int Sector = 512;

    /// <summary>A last line without the zeros that a file system answers for what was not written: no entry ends with one.</summary>
    public static ReadOnlyMemory<byte> WithoutZeros(RawLine line) => line.IsWhole ? line.Bytes : line.Bytes.TrimEnd((byte)0);

    /// <summary>Whether the last line is as if it had never been whole: a beginning without an end, or one with lost sectors. A whole entry with something else behind it is neither.</summary>
    public static bool IsTorn(RawLine line)
    {
        var bytes = WithoutZeros(line).Span;
        return line.IsWhole ? HasLostSectors(bytes, line.Offset)
            : bytes.Length <= LedgerLine.MaxBytes && !IsEntry(bytes) && (bytes.IsEmpty || !IsEntry(bytes[..^1]));
    }

    private static bool IsEntry(ReadOnlySpan<byte> bytes) => LedgerLine.TryRead(bytes, out _, out _);

    // Zeros from the beginning of the line or of a sector to the end of one; a flipped bit makes no such run.
    private static bool HasLostSectors(ReadOnlySpan<byte> bytes, long offset)
    {
        var isFound = false;
        for (var i = bytes.IndexOf((byte)0); i < bytes.Length && i >= 0; i++)
        {
            if (bytes[i] != 0)
            {
                continue;
            }

            var begin = i;
            while (i < bytes.Length && bytes[i] == 0)
            {
                i++;
            }

            if ((begin > 0 && (offset + begin) % Sector != 0) || (offset + i) % Sector != 0)
            {
                return false;
            }

            isFound = true;
        }

        return isFound;
    }
}
