using System.Text;

namespace SpamGuard.Cli.Csv;

/// <summary>Splits CSV into rows and fields, and holds one row at a time.</summary>
/// <remarks>
/// A row is a line: no field of ours has a line break, so a quote that is left open is the fault of its line and takes no other line along.
/// A field may stand in quotes, and then hold commas, and quotes that are written twice.
/// </remarks>
/// <param name="file">The file, in UTF-8 or with a byte order mark; left open.</param>
internal sealed class CsvLines(Stream file) : IDisposable
{
    /// <summary>The longest line, in characters, so that a file without line breaks is not held in memory.</summary>
    public const int Longest = 1 << 16;

    private readonly StreamReader _text = new(file, Encoding.UTF8, leaveOpen: true);
    private readonly char[] _line = new char[Longest];
    private readonly List<(int From, int Length)> _fields = [];

    /// <summary>The number of the line that was read last; the first is 1.</summary>
    public long Line { get; private set; }

    /// <summary>How many fields the line has.</summary>
    public int Count => _fields.Count;

    /// <summary>A field, without its quotes; until the next line is read.</summary>
    public ReadOnlySpan<char> this[int field] => _line.AsSpan(_fields[field].From, _fields[field].Length);

    /// <summary>Reads the next line; <c>false</c> at the end of the file.</summary>
    /// <param name="fault">Why it has no fields; no text of it holds a value.</param>
    public bool Read(out string? fault)
    {
        fault = null;
        _fields.Clear();
        if (_text.Peek() < 0)
        {
            return false;
        }

        Line++;
        var length = Fill();
        fault = length > Longest ? FormattableString.Invariant($"longer than {Longest} characters") : Split(length);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _text.Dispose();

    // The whole line is consumed, its break too; what is beyond the longest is counted and dropped.
    private long Fill()
    {
        var length = 0L;
        for (var next = _text.Read(); next >= 0 && next != '\n'; next = _text.Read())
        {
            if (next == '\r')
            {
                if (_text.Peek() == '\n')
                {
                    _ = _text.Read();
                }

                break;
            }

            if (length < Longest)
            {
                _line[length] = (char)next;
            }

            length++;
        }

        return length;
    }

    private string? Split(long length)
    {
        var (at, end) = (0, (int)length);
        while (true)
        {
            var fault = at < end && _line[at] == '"' ? Quoted(ref at, end) : Plain(ref at, end);
            if (fault is not null)
            {
                return FormattableString.Invariant($"field {_fields.Count + 1}: {fault}");
            }

            if (at == end)
            {
                return null;
            }

            at++; // the comma
        }
    }

    private string? Plain(ref int at, int end)
    {
        var from = at;
        for (; at < end && _line[at] != ','; at++)
        {
            if (_line[at] == '"')
            {
                return "a quote in a field that does not begin with one; quote the field, and write the quote twice";
            }
        }

        _fields.Add((from, at - from));
        return null;
    }

    // Moves what is between the quotes together where quotes were written twice.
    private string? Quoted(ref int at, int end)
    {
        var from = ++at;
        var to = from;
        for (; at < end; at++)
        {
            if (_line[at] == '"' && (++at == end || _line[at] != '"'))
            {
                if (at < end && _line[at] != ',')
                {
                    return "more behind the quote that ends it; write a quote inside it twice";
                }

                _fields.Add((from, to - from));
                return null;
            }

            _line[to++] = _line[at];
        }

        return "a quote is left open at the end of the line";
    }
}
