using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpamGuard.Desk.Transparency.Rendering;

/// <summary>The report for programs. Names are in snake_case and a contract; a name that changes its meaning changes <see cref="Schema"/>.</summary>
internal static class JsonReport
{
    /// <summary>The version of the names.</summary>
    public const string Schema = "spamguard.transparency/1";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>In UTF-8.</summary>
    public static byte[] Of(TransparencyReport report) => JsonSerializer.SerializeToUtf8Bytes(
        new JsonObject
        {
            ["schema"] = Schema,
            ["from"] = report.Period.From.ToString(),
            ["to"] = report.Period.To.ToString(),
            ["revision"] = report.Figures.Revision,
            ["generated_time"] = Time(report.Generated),
            ["requests"] = With(new JsonObject(), FigureColumns.Requests, report.Figures.Total),
            ["withheld"] = report.Figures.Withheld,
            ["acts"] = With(new JsonObject(), FigureColumns.Acts, report.Figures.Acts),
            ["months"] = new JsonArray([.. report.Figures.Months.Select(Month)]),
            ["rows"] = new JsonArray([.. report.Figures.Rows.Select(Row)]),
            ["retention"] = new JsonArray([.. report.Retention.Select(Retention)]),
            ["audit"] = Audit(report.Audit),
            ["ledger"] = new JsonObject
            {
                ["entries"] = report.Ledger.Seq,
                ["sound"] = report.IsSound,
                ["head"] = report.Ledger.ToJson(),
            },
        },
        Indented);

    private static JsonNode Month(MonthFigures month) => new JsonObject
    {
        ["month"] = month.Month.ToString(),
        ["requests"] = With(new JsonObject(), FigureColumns.Requests, month.Requests),
        ["withheld"] = month.Withheld,
        ["acts"] = With(new JsonObject(), FigureColumns.Acts, month.Acts),
        ["changed_at_entry"] = month.Changed,
    };

    private static JsonNode Row(RequestRow row) => With(
        new JsonObject
        {
            ["month"] = row.Month.ToString(),
            ["country"] = row.Kind.Country,
            ["authority_type"] = row.Kind.AuthorityType,
            ["legal_process"] = row.Kind.LegalProcess,
            ["category"] = row.Kind.Category,
        },
        FigureColumns.Requests,
        row.Figures);

    private static JsonNode Retention(RetentionRow row) => new JsonObject
    {
        ["what"] = row.What,
        ["class"] = row.Class,
        ["at_most_seconds"] = row.Seconds,
        ["ends"] = row.Ends,
    };

    private static JsonObject Audit(AuditResult audit)
    {
        var json = new JsonObject { ["state"] = audit.State };
        if (audit.Time is { } time)
        {
            json["time"] = Time(time);
            json["keys_without_ttl"] = audit.WithoutTtl;
            json["keys_over_cap"] = audit.OverCap;
            json["faulty_keys_remaining"] = audit.Remaining;
        }

        return json;
    }

    private static JsonObject With<T>(JsonObject json, IReadOnlyList<FigureColumn<T>> columns, T figures)
    {
        foreach (var column in columns)
        {
            json[column.Name] = column.Of(figures);
        }

        return json;
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
