using SpamGuard.Cli.Csv;

namespace SpamGuard.Cli.Outcomes;

/// <summary>The rows of a file that can be sent; the others are told, counted and left out, until there are too many.</summary>
/// <param name="reader">Reads them.</param>
/// <param name="from">The line to begin at: what is before it is not looked at.</param>
/// <param name="maxErrors">How many may be at fault.</param>
/// <param name="tally">Counts them.</param>
/// <param name="faulty">Told of every row that is left out.</param>
/// <param name="moved">Told every few hundred rows.</param>
internal sealed class OutcomeRows(OutcomeReader reader, long from, int maxErrors, OutcomeTally tally, Action<RowFault> faulty, Action? moved)
{
    private const int MovedEvery = 256;

    /// <summary>Whether more rows were at fault than may be.</summary>
    public bool TooManyErrors => tally.AtFault > maxErrors;

    /// <summary>Reads on.</summary>
    public IEnumerable<OutcomeRow> Read()
    {
        while (!TooManyErrors && reader.Read(out var row, out var fault))
        {
            if (reader.Line % MovedEvery == 0)
            {
                moved?.Invoke();
            }

            if (reader.Line < from)
            {
                continue;
            }

            if (row is not null)
            {
                yield return row;
            }
            else
            {
                tally.Skip(reader.Line);
                faulty(fault!);
            }
        }
    }
}
