using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SpamGuard.Benchmarks.Report;

/// <summary>The outcome of a run.</summary>
/// <param name="Notes">What it was measured on.</param>
/// <param name="Rows">All rows.</param>
internal sealed record RatioReport(IReadOnlyList<string> Notes, IReadOnlyList<RatioRow> Rows)
{
    /// <summary>The exit code of a run that missed a floor, or measured nothing.</summary>
    public const int Failed = 1;

    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    /// <summary>0 only where there are rows and each was measured and met its floor.</summary>
    public int ExitCode => Rows.Count > 0 && Rows.All(static row => row.Met) ? 0 : Failed;

    public string ToJson()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Indented))
        {
            json.WriteStartObject();
            json.WriteStartArray("notes");
            foreach (var note in Notes)
            {
                json.WriteStringValue(note);
            }

            json.WriteEndArray();
            json.WriteStartArray("rows");
            foreach (var row in Rows)
            {
                Write(json, row);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var note in Notes)
        {
            text.AppendLine(note);
        }

        text.AppendLine();
        foreach (var row in Rows)
        {
            var figures = $"{Number(row.Median)} [{Number(row.Min)}-{Number(row.Max)}]";
            var floor = row.Kind.Direction switch
            {
                Direction.AtLeast => $">= {Number(row.Kind.Floor)}",
                Direction.AtMost => $"<= {Number(row.Kind.Floor)}",
                _ => "",
            };
            var verdict = row.Fault is not null ? "FAILED" : !row.Met ? "MISSED" : row.Kind.Floor is null ? "" : "met";
            text.AppendLine(CultureInfo.InvariantCulture, $"{row.Kind.Name,-31}{figures,-24} {row.Kind.Unit,-6}{floor,-8} {verdict,-7}{row.Kind.Compared}");
            if (row.Fault is not null)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"{"",-31}{row.Fault}");
            }
        }

        return text.ToString();
    }

    private static void Write(Utf8JsonWriter json, RatioRow row)
    {
        json.WriteStartObject();
        json.WriteString("name", row.Kind.Name);
        json.WriteString("unit", row.Kind.Unit);
        WriteNumber(json, "median", row.Median);
        WriteNumber(json, "min", row.Min);
        WriteNumber(json, "max", row.Max);
        WriteNumber(json, "floor", row.Kind.Floor);
        json.WriteString("direction", row.Kind.Direction switch { Direction.AtLeast => "at_least", Direction.AtMost => "at_most", _ => "informative" });
        json.WriteBoolean("met", row.Met);
        json.WriteString("compared", row.Kind.Compared);
        if (row.Fault is not null)
        {
            json.WriteString("fault", row.Fault);
        }

        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } value && double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string Number(double? number) => number switch
    {
        null => "-",
        < 1 => number.Value.ToString("0.###", CultureInfo.InvariantCulture),
        < 100 => number.Value.ToString("0.##", CultureInfo.InvariantCulture),
        _ => number.Value.ToString("0", CultureInfo.InvariantCulture),
    };
}
