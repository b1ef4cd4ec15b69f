namespace SpamGuard.Desk.Ledger;

/// <summary>Reads a ledger's file line by line.</summary>
internal static class LedgerLines
{
    private const int FirstBuffer = 64 * 1024;

    /// <summary>The lines from here to the end. Bytes are good until the next line is asked for.</summary>
    /// <remarks>Of a line longer than any can be, no more is read than tells that it is: it is the last one answered.</remarks>
    public static IEnumerable<RawLine> Read(Stream file)
    {
        var (buffer, filled, number, offset) = (new byte[FirstBuffer], 0, 0L, 0L);
        while (true)
        {
            var read = file.Read(buffer, filled, buffer.Length - filled);
            filled += read;
            var begin = 0;
            for (var end = Next(begin); end >= 0; end = Next(begin))
            {
                yield return new RawLine(++number, offset + begin, buffer.AsMemory(begin, end), IsWhole: true);
                begin += end + 1;
            }

            buffer.AsSpan(begin, filled - begin).CopyTo(buffer);
            (offset, filled) = (offset + begin, filled - begin);
            if (read == 0 || filled > LedgerLine.MaxBytes)
            {
                if (filled > 0)
                {
                    yield return new RawLine(++number, offset, buffer.AsMemory(0, filled), IsWhole: false);
                }

                yield break;
            }

            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, 2 * buffer.Length);
            }
        }

        int Next(int begin) => buffer.AsSpan(begin, filled - begin).IndexOf((byte)'\n');
    }
}

/// <summary>A line of a file.</summary>
/// <param name="Number">1 and on.</param>
/// <param name="Offset">Where in the file it begins, in bytes.</param>
/// <param name="Bytes">What it holds, without its end.</param>
/// <param name="IsWhole">Whether it has an end: only the last one may have none.</param>
internal readonly record struct RawLine(long Number, long Offset, ReadOnlyMemory<byte> Bytes, bool IsWhole);
