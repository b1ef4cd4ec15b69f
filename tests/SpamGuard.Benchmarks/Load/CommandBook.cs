using System.Buffers;
using System.Globalization;
using System.Text;

namespace SpamGuard.Benchmarks.Load;

/// <summary>Commands as they go over the wire, made ahead so that sending them costs next to nothing.</summary>
internal sealed class CommandBook
{
    private const int NoSuffix = -1;
    private const int SuffixLength = 16;
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly List<(int Start, int Length, int Suffix)> _commands = [];

    public int Count => _commands.Count;

    /// <summary>Bytes of the longest command.</summary>
    public int LongestLength { get; private set; }

    /// <summary>Adds a command.</summary>
    /// <param name="arguments">Its name and arguments.</param>
    /// <param name="unique">Which argument ends in 16 characters that are to differ each time it is sent; 0 for none.</param>
    public void Add(IReadOnlyList<ReadOnlyMemory<byte>> arguments, int unique = 0)
    {
        var (start, suffix) = (_bytes.WrittenCount, NoSuffix);
        Head('*', arguments.Count);
        for (var i = 0; i < arguments.Count; i++)
        {
            Head('$', arguments[i].Length);
            _bytes.Write(arguments[i].Span);
            suffix = unique > 0 && i == unique ? _bytes.WrittenCount - start - SuffixLength : suffix;
            _bytes.Write("\r\n"u8);
        }

        var length = _bytes.WrittenCount - start;
        _commands.Add((start, length, suffix));
        LongestLength = Math.Max(LongestLength, length);
    }

    /// <summary>Writes a command; returns its length.</summary>
    /// <param name="index">Which.</param>
    /// <param name="serial">What makes it differ from all others, where it must.</param>
    /// <param name="destination">Where to.</param>
    public int Write(int index, ulong serial, Span<byte> destination)
    {
        var (start, length, suffix) = _commands[index];
        _bytes.WrittenSpan.Slice(start, length).CopyTo(destination);
        if (suffix != NoSuffix)
        {
            serial.TryFormat(destination[suffix..], out _, "x16", CultureInfo.InvariantCulture);
        }

        return length;
    }

    private void Head(char kind, int number) => _bytes.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{kind}{number}\r\n")));
}
