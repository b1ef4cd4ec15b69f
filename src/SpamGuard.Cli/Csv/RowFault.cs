using System.Globalization;

namespace SpamGuard.Cli.Csv;

/// <summary>Why a row can't be taken. No text of it holds a value of the row: any field may hold an address where columns have slipped.</summary>
/// <param name="Line">The line number in the file; the header's is 1.</param>
/// <param name="Field">The column, or what else of the row.</param>
/// <param name="Text">What is wrong, and what is taken.</param>
internal sealed record RowFault(long Line, string Field, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"line {Line}: {Field}: {Text}");
}
