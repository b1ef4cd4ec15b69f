extern alias cli;

using System.Globalization;
using System.Text;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using SpamGuard.Desk.Transparency;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing.Transparency;
using SpamGuard.V1;
using CsvLines = cli::SpamGuard.Cli.Csv.CsvLines;

namespace SpamGuard.IntegrationTests.Transparency;

/// <summary>Page, JSON, CSV and answer say the same, of 10,000 random entries, and what a recount of the ledger's file says.</summary>
public sealed class SameFiguresTests(LargeLedgerFixture server) : IClassFixture<LargeLedgerFixture>
{
    private static readonly string[] Kind = ["country", "authority_type", "legal_process", "category"];

    [Theory]
    [InlineData("?period=all")]
    [InlineData("")]
    [InlineData("two months")]
    public async Task Figures_OnThePageInJsonInCsvAndOverGrpc_AreThoseOfTheLedger(string query)
    {
        var reporter = (TransparencyReporter)server.Services.GetService(typeof(TransparencyReporter))!;
        var span = reporter.Span;
        var period = query == "two months" ? new ReportPeriod(span.From.Plus(2), span.From.Plus(3)) : ReportPeriod.Latest(span.From, span.To, 12);
        query = query == "two months" ? $"?from={period.From}&to={period.To}" : query;
        var expected = Expected(period);
        Assert.True(expected.Count > (query.Contains("from", StringComparison.Ordinal) ? 100 : 400), "Too little is compared.");

        Assert.Equal(expected, Json(JsonDocument.Parse(await server.GetAsync(Listener.Transparency, "/transparency.json" + query)).RootElement));
        Assert.Equal(expected, Page(await server.GetAsync(Listener.Transparency, "/transparency" + query)));
        Assert.Equal(expected, Csv(await server.GetAsync(Listener.Transparency, "/transparency.csv" + query)));
        var client = new TransparencyService.TransparencyServiceClient(server.Channel);
        var request = new GetReportRequest { From = period.From.ToString(), To = period.To.ToString() };
        Assert.Equal(expected, Answer(await client.GetReportAsync(request)));
        Assert.Equal(expected, Json(Transcoded(await server.GetAsync(Listener.Http, $"/v1/transparency:report?from={period.From}&to={period.To}"))));
    }

    // By where a figure stands, as in "2026-03/NL/court/court_order/terrorism/received".
    private SortedDictionary<string, string> Expected(ReportPeriod period)
    {
        var figures = Figures();
        var (total, months, rows) = Recount.Of(server.Ledger.Read(), period, TimeProvider.System.GetUtcNow());
        Put(figures, "total", FigureColumns.Requests, total);
        figures["total/withheld"] = Text(months.Sum(static month => month.Withheld));
        Put(figures, "total", FigureColumns.Acts, months.Aggregate(SpamGuard.Desk.Transparency.ActFigures.None, static (sum, month) => sum + month.Acts));
        foreach (var (month, requests, withheld, acts) in months)
        {
            Put(figures, $"{month}", FigureColumns.Requests, requests);
            figures[$"{month}/withheld"] = Text(withheld);
            Put(figures, $"{month}", FigureColumns.Acts, acts);
        }

        foreach (var row in rows)
        {
            Put(figures, $"{row.Month}/{row.Kind.Country}/{row.Kind.AuthorityType}/{row.Kind.LegalProcess}/{row.Kind.Category}", FigureColumns.Requests, row.Figures);
        }

        return figures;
    }

    private static void Put<T>(SortedDictionary<string, string> figures, string at, IReadOnlyList<FigureColumn<T>> columns, T of)
    {
        foreach (var column in columns)
        {
            figures[$"{at}/{column.Name}"] = column.Of(of) is { } figure ? Text(figure) : "none";
        }
    }

    private static SortedDictionary<string, string> Json(JsonElement report)
    {
        var figures = Figures();
        Section("total", report);
        foreach (var month in report.GetProperty("months").EnumerateArray())
        {
            Section(month.GetProperty("month").GetString()!, month);
        }

        foreach (var row in report.GetProperty("rows").EnumerateArray())
        {
            Names(string.Join('/', Kind.Select(name => row.GetProperty(name).GetString()).Prepend(row.GetProperty("month").GetString())), row);
        }

        return figures;

        void Section(string at, JsonElement of)
        {
            Names(at, of.GetProperty("requests"));
            Names(at, of.GetProperty("acts"));
            figures[at + "/withheld"] = of.GetProperty("withheld").GetRawText();
        }

        void Names(string at, JsonElement of)
        {
            foreach (var one in of.EnumerateObject().Where(static one => one.Value.ValueKind is JsonValueKind.Number or JsonValueKind.Null))
            {
                figures[$"{at}/{one.Name}"] = one.Value.ValueKind == JsonValueKind.Null ? "none" : Text(one.Value.GetDouble());
            }
        }
    }

    /// <summary>JSON by the way of the gRPC method: camelCase, numbers of 64 bits in quotes, a figure that there is none of left out.</summary>
    private static JsonElement Transcoded(string json) => JsonDocument.Parse(Write(JsonDocument.Parse(json).RootElement)).RootElement;

    private static string Write(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(',', element.EnumerateObject().SelectMany(Members)) + "}",
        JsonValueKind.Array => "[" + string.Join(',', element.EnumerateArray().Select(Write)) + "]",
        JsonValueKind.String when long.TryParse(element.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) => Text(number),
        _ => element.GetRawText(),
    };

    private static IEnumerable<string> Members(JsonProperty member)
    {
        var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name);
        if (name == "figures")
        {
            return member.Value.EnumerateObject().SelectMany(Members).Concat(Missing(member.Value));
        }

        return name == "requests" ? [$"\"{name}\":{Write(member.Value)[..^1]}{string.Concat(Missing(member.Value).Select(static one => ',' + one))}}}"] : [$"\"{name}\":{Write(member.Value)}"];
    }

    private static IEnumerable<string> Missing(JsonElement figures) => figures.TryGetProperty("medianDays", out _) ? [] : ["\"median_days\":null"];

    private static SortedDictionary<string, string> Answer(GetReportResponse report)
    {
        var figures = Figures();
        Section("total", report.Requests, report.Acts, report.Withheld);
        foreach (var month in report.Months)
        {
            Section(month.Month, month.Requests, month.Acts, month.Withheld);
        }

        foreach (var row in report.Rows)
        {
            Fields($"{row.Month}/{row.Country}/{row.AuthorityType}/{row.LegalProcess}/{row.Category}", row.Figures);
        }

        return figures;

        void Section(string at, V1.RequestFigures requests, V1.ActFigures acts, long withheld)
        {
            Fields(at, requests);
            Fields(at, acts);
            figures[at + "/withheld"] = Text(withheld);
        }

        void Fields(string at, Google.Protobuf.IMessage message)
        {
            foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
            {
                figures[$"{at}/{field.Name}"] = field.HasPresence && !field.Accessor.HasValue(message)
                    ? "none" : Text(Convert.ToDouble(field.Accessor.GetValue(message), CultureInfo.InvariantCulture));
            }
        }
    }

    private static SortedDictionary<string, string> Page(string html)
    {
        var figures = Figures();
        var page = new HtmlParser().ParseDocument(html);
        Table("months", FigureColumns.Requests.Select(static column => column.Name).Append("withheld").ToList(), 1);
        Table("other", FigureColumns.Acts.Select(static column => column.Name).ToList(), 1);
        Table("rows", FigureColumns.Requests.Select(static column => column.Name).ToList(), 1 + Kind.Length);
        return figures;

        void Table(string id, List<string> names, int words)
        {
            foreach (var line in page.QuerySelectorAll($"#{id} tbody tr, #{id} tfoot tr"))
            {
                var cells = line.Children.Select(static cell => cell.TextContent).ToList();
                var at = string.Join('/', cells.Take(words).Select(static word => word.Contains('-', StringComparison.Ordinal) ? word : word == "Total" ? "total" : Name(word)));
                for (var i = 0; i < names.Count; i++)
                {
                    figures[$"{at}/{names[i]}"] = cells[words + i] == "–" ? "none" : cells[words + i].Replace(",", "", StringComparison.Ordinal);
                }
            }
        }
    }

    // A country stays in capitals.
    private static string Name(string word) => word.Length == 2 ? word : word.ToLowerInvariant().Replace(' ', '_');

    private static SortedDictionary<string, string> Csv(string csv)
    {
        Assert.Equal(csv.Count(static c => c == '\n'), csv.Split("\r\n").Length - 1);
        var figures = Figures();
        using var lines = new CsvLines(new MemoryStream(Encoding.UTF8.GetBytes(csv)));
        Assert.True(lines.Read(out _));
        var header = Fields(lines);
        while (lines.Read(out var fault))
        {
            Assert.Null(fault);
            var line = header.Zip(Fields(lines)).ToDictionary(StringComparer.Ordinal);
            var at = line["line"] switch
            {
                "total" => "total",
                "month" => line["month"],
                _ => string.Join('/', Kind.Select(name => line[name]).Prepend(line["month"])),
            };
            var ofRequests = FigureColumns.Requests.Select(static column => column.Name);
            foreach (var name in line["line"] == "requests" ? ofRequests : [.. ofRequests, "withheld", .. FigureColumns.Acts.Select(static column => column.Name)])
            {
                figures[$"{at}/{name}"] = line[name].Length == 0 ? "none" : line[name];
            }
        }

        return figures;
    }

    private static List<string> Fields(CsvLines lines) => [.. Enumerable.Range(0, lines.Count).Select(i => lines[i].ToString())];

    private static SortedDictionary<string, string> Figures() => new(StringComparer.Ordinal);

    private static string Text(double figure) => figure.ToString(CultureInfo.InvariantCulture);
}
