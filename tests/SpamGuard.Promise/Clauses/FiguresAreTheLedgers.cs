using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Google.Protobuf;
using SpamGuard.Promise.World;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.Promise.Clauses;

/// <summary>Counts the ledger with a reader of its own, and compares that with what the desk publishes in four forms.</summary>
internal sealed partial class FiguresAreTheLedgers : IClause
{
    private const string Address = "60.10.0.1";
    private const string Days = "median_days";

    /// <summary>The columns of the page's tables, in their order.</summary>
    private static readonly string[] OfRequests =
    [
        "received", "fully_disclosed", "partly_disclosed", "nothing_held", "rejected", "withdrawn", "pending", "expired_unexecuted", "outcome_unknown",
        "subjects_requested", "subjects_disclosed", Days, "withheld",
    ];

    private static readonly string[] OfActs = ["erasures_done", "erasures_nothing_held", "inspections", "overrides_allow", "overrides_challenge", "overrides_throttle", "overrides_deny", "appeals", "epoch_rolls", "acts_outcome_unknown"];
    private static readonly IReadOnlyList<string> Figures = [.. OfRequests.Where(static name => name != Days), .. OfActs];
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true).WithPreserveProtoFieldNames(true));

    public string Name => "the figures are the ledger's";

    public string Promise => "What authorities asked for, what they got, and what else was done is published as it stands in the ledger: page, JSON, CSV and RPC have the figures that anybody counts in it.";

    public async Task RunAsync(RunningWorld world, Findings findings, CancellationToken cancellationToken)
    {
        await OrdersAsync(world, findings);
        await world.AtAsync(Moment.FiguresAsked);
        using var client = new HttpClient { BaseAddress = world.Published };
        var report = await world.Traffic.PublishedAsync() ?? new GetReportResponse();
        var (page, json, csv) = (
            await client.GetStringAsync("/transparency?period=all", cancellationToken).DefaultTimeout(),
            await client.GetStringAsync("/transparency.json?period=all", cancellationToken).DefaultTimeout(),
            await client.GetStringAsync("/transparency.csv?period=all", cancellationToken).DefaultTimeout());
        var counted = Recount(LedgerText.Read(world.Ledger.FilePath), TimeProvider.System.GetUtcNow());
        findings.Must(
            counted["received"] > 0 && counted["rejected"] > 0 && counted["withdrawn"] > 0 && counted["withheld"] == 1 && counted["inspections"] > 0,
            $"counted in the ledger without the product's code: {string.Join(", ", Figures.Where(name => counted[name] > 0).Select(name => string.Create(CultureInfo.InvariantCulture, $"{counted[name]} {name}")))}");
        Compare(findings, counted, "the page", OfPage(page));
        Compare(findings, counted, "its JSON", OfJson(json));
        Compare(findings, counted, "its CSV", OfCsv(csv));
        Compare(findings, counted, "TransparencyService.GetReport", OfJson(Formatter.Format(report)));
    }

    /// <summary>One that must not be spoken about yet, one that the second person rejects after it was approved, and one that is withdrawn. That each may do so is another clause's.</summary>
    private static async Task OrdersAsync(RunningWorld world, Findings findings)
    {
        var orders = new Orders(world.Traffic);
        var (_, secret) = await orders.OpenAsync(Callers.Legal, [Address], secrecy: Hour);
        var (order, opened) = await orders.OpenAsync(Callers.Legal, [Address]);
        var (mistaken, mistake) = await orders.OpenAsync(Callers.Legal, [Address]);
        var approved = order is null ? opened : await orders.ApproveAsync(Callers.Counsel, order);
        var rejected = order is null ? opened : await orders.DecideAsync(Callers.Counsel, order, DisclosureDecision.Reject);
        var withdrawn = mistaken is null ? mistake : await orders.DecideAsync(Callers.Legal, mistaken, DisclosureDecision.Reject);
        findings.Must(
            (secret, opened, mistake) == (Reply.Served, Reply.Served, Reply.Served),
            $"three more orders are opened: one that must not be spoken about for an hour ({secret}); one ({opened}) that a second person approves ({approved}) and rejects ({rejected}); and one ({mistake}) that who opened it withdraws ({withdrawn})");
    }

    private static void Compare(Findings findings, Dictionary<string, long> counted, string where, Dictionary<string, long> found)
    {
        var other = Figures.Where(name => found.GetValueOrDefault(name, -1) != counted[name]).Select(name => string.Create(CultureInfo.InvariantCulture, $"{name} {found.GetValueOrDefault(name, -1)}, counted {counted[name]}")).ToList();
        findings.Must(other.Count == 0, other.Count == 0 ? $"{where}: the same {Figures.Count} figures" : $"{where}: {string.Join("; ", other)}");
    }

    /// <summary>What anybody counts.</summary>
    private static Dictionary<string, long> Recount(LedgerText ledger, DateTimeOffset now)
    {
        var counted = Figures.ToDictionary(static name => name, static _ => 0L, StringComparer.Ordinal);
        foreach (var refused in ledger.Entries.Where(static entry => entry.Act == "disclosure_refuse"))
        {
            counted["received"]++;
            counted["rejected"]++;
            counted["subjects_requested"] += refused.Number("subjects");
        }

        foreach (var (intent, _) in ledger.Of("disclosure_open"))
        {
            if (intent.Number("withhold_until") > now.ToUnixTimeSeconds())
            {
                counted["withheld"]++;
                continue;
            }

            var id = intent.Text("disclosure");
            var executed = ledger.Of("disclosure_execute").Where(one => one.Intent.Text("disclosure") == id).SelectMany(static one => one.Outcomes).ToList();
            var given = executed.Find(static outcome => outcome.Result == "done");
            counted["received"]++;
            counted["subjects_requested"] += intent.Number("subjects");
            counted["subjects_disclosed"] += given?.Number("subjects_disclosed") ?? 0;
            counted[given?.Text("held") switch
            {
                "fully" => "fully_disclosed",
                "partly" => "partly_disclosed",
                "nothing" => "nothing_held",
                _ when ledger.DoneOf("disclosure_decide").Select(static one => one.Intent).LastOrDefault(one => one.Text("disclosure") == id)?.Text("decision") is ("rejected" or "withdrawn") and var decision => decision,
                _ when executed.Exists(static outcome => outcome.Result == "unknown") => "outcome_unknown",
                _ => intent.Number("valid_until") <= now.ToUnixTimeSeconds() ? "expired_unexecuted" : "pending",
            }]++;
        }

        foreach (var (_, outcome) in ledger.DoneOf("subject_erase").Where(static one => !CanBeUndone(one.Outcome)))
        {
            counted[outcome.Number("records") + outcome.Number("report_lists") > 0 ? "erasures_done" : "erasures_nothing_held"]++;
        }

        counted["inspections"] = ledger.DoneOf("subject_inspect").Count();
        counted["epoch_rolls"] = ledger.DoneOf("epoch_roll").Count();
        counted["acts_outcome_unknown"] = new[] { "subject_erase", "subject_inspect", "epoch_roll", "override_set" }
            .SelectMany(ledger.Of).Count(static one => one.Outcomes.Any(static outcome => outcome.Result == "unknown" || CanBeUndone(outcome)));
        var set = ledger.DoneOf("override_set").Where(static one => !CanBeUndone(one.Outcome)).ToList();
        foreach (var (intent, _) in set)
        {
            counted[$"overrides_{intent.Text("verdict")}"]++;
        }

        counted["appeals"] = set.Count(static one => one.Intent.Text("naming") == "decision_token" && one.Intent.Text("verdict") == "allow");
        return counted;
    }

    // Done, but by too few replicas.
    private static bool CanBeUndone(WrittenEntry outcome) => outcome.Data.TryGetProperty("confirmed", out var confirmed) && confirmed.ValueKind == JsonValueKind.False;

    /// <summary>The sums at the foot of the page's tables.</summary>
    private static Dictionary<string, long> OfPage(string html)
    {
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (table, names) in ((string, string[])[])[("months", OfRequests), ("other", OfActs)])
        {
            var foot = Foot().Matches(html).FirstOrDefault(foot => foot.Groups["id"].Value == table);
            var cells = Cell().Matches(foot?.Groups["cells"].Value ?? "").Select(static cell => cell.Groups["text"].Value);
            foreach (var (name, text) in names.Zip(cells))
            {
                found[name] = long.TryParse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number) ? number : -1;
            }
        }

        return found;
    }

    private static Dictionary<string, long> OfJson(string json)
    {
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        using var parsed = JsonDocument.Parse(json);
        var root = parsed.RootElement;
        foreach (var (name, value) in root.GetProperty("requests").EnumerateObject().Concat(root.GetProperty("acts").EnumerateObject()).Select(static one => (one.Name, one.Value)).Append(("withheld", root.GetProperty("withheld"))))
        {
            found[name] = long.TryParse(value.ToString(), CultureInfo.InvariantCulture, out var number) ? number : -1; // 64 bits are a text in the JSON of protos
        }

        return found;
    }

    /// <summary>The sums of the columns over the months.</summary>
    private static Dictionary<string, long> OfCsv(string csv)
    {
        var lines = csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split(',')).ToList();
        return lines[0].Index().ToDictionary(
            static column => column.Item,
            column => lines.Skip(1).Where(static line => line[0] == "month").Sum(line => long.TryParse(line[column.Index], CultureInfo.InvariantCulture, out var number) ? number : 0),
            StringComparer.Ordinal);
    }

    [GeneratedRegex("<table id=\"(?<id>[a-z]+)\">(?:(?!</table>).)*<tfoot>(?<cells>(?:(?!</tfoot>).)*)</tfoot>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Foot();

    [GeneratedRegex("<td[^>]*>(?<text>[^<]*)</td>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Cell();
}
