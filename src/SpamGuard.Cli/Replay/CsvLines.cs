using System.Text;

namespace SpamGuard.Cli.Replay;

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
    private readonly char[] _read = new char[2 * Longest];
    private readonly List<(int From, int Length)> _fields = [];
    private int _at; // what is read and not yet consumed begins here …
    private int _end; // … and ends here
    private bool _returned; // the last line ended in a carriage return: a line feed behind it is of the same break

    /// <summary>The number of the line that was read last; the first is 1.</summary>
    public long Line { get; private set; }

    /// <summary>How many fields the line has.</summary>
    public int Count => _fields.Count;

    /// <summary>A field, without its quotes; until the next line is read.</summary>
    public ReadOnlySpan<char> this[int field] => _read.AsSpan(_fields[field].From, _fields[field].Length);

    /// <summary>Reads the next line; <c>false</c> at the end of the file.</summary>
    /// <param name="fault">Why it has no fields; no text of it holds a value.</param>
    public bool Read(out string? fault)
    {
        fault = null;
        _fields.Clear();
        if (_returned && (_at < _end || Fill()) && _read[_at] == '\n')
        {
            _at++;
        }

        _returned = false;
        if (_at == _end && !Fill())
        {
            return false;
        }

        Line++;
        var length = Next(out var from);
        fault = length > Longest ? FormattableString.Invariant($"longer than {Longest} characters") : Split(from, from + (int)length);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _text.Dispose();

    // The whole line is consumed, its break too; of one that is too long, what there is no room for is counted and dropped.
    private long Next(out int from)
    {
        var dropped = 0L;
        int length;
        while ((length = _read.AsSpan(_at, _end - _at).IndexOfAny('\n', '\r')) < 0)
        {
            if (_end - _at > Longest)
            {
                dropped += _end - _at;
                _at = _end;
            }

            if (!Fill())
            {
                from = _at;
                _at = _end;
                return dropped + _end - from;
            }
        }

        from = _at;
        _at += length + 1;
        _returned = _read[_at - 1] == '\r';
        return dropped + length;
    }

    // Moves what is not consumed to the front and reads on behind it.
    private bool Fill()
    {
        _read.AsSpan(_at, _end - _at).CopyTo(_read);
        (_at, _end) = (0, _end - _at);
        var read = _text.Read(_read, _end, _read.Length - _end);
        _end += read;
        return read > 0;
    }

    private string? Split(int at, int end)
    {
        while (true)
        {
            var fault = at < end && _read[at] == '"' ? Quoted(ref at, end) : Plain(ref at, end);
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
        var length = _read.AsSpan(at, end - at).IndexOfAny(',', '"');
        if (length >= 0 && _read[at + length] == '"')
        {
            return "a quote in a field that does not begin with one; quote the field, and write the quote twice";
        }

        length = length < 0 ? end - at : length;
        _fields.Add((at, length));
        at += length;
        return null;
    }

    // Moves what is between the quotes together where quotes were written twice.
    private string? Quoted(ref int at, int end)
    {
        var from = ++at;
        var to = from;
        for (; at < end; at++)
        {
            if (_read[at] == '"' && (++at == end || _read[at] != '"'))
            {
                if (at < end && _read[at] != ',')
                {
                    return "more behind the quote that ends it; write a quote inside it twice";
                }

                _fields.Add((from, to - from));
                return null;
            }

            _read[to++] = _read[at];
        }

        return "a quote is left open at the end of the line";
    }
}
