using System.Security.Cryptography;
using System.Text;

namespace SpamGuard.Desk.Transparency.Rendering;

/// <summary>The report as a page: no script, one style sheet in it, nothing from anywhere else.</summary>
internal static class HtmlReport
{
    /// <summary>The most rows of the table of requests: it is for people. JSON and CSV hold all.</summary>
    public const int MostRows = 2_000;

    private static readonly string Style = ReadStyle();

    /// <summary>What a browser may do with the page: apply its own style sheet, send its form here, and nothing else.</summary>
    public static string SecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>The page of a report, in UTF-8.</summary>
    public static byte[] Of(TransparencyReport report)
    {
        var html = Begin("Transparency report");
        html.Add($"""
            <header>
            <h1>Transparency report</h1>
            <p class="lead">What authorities asked this service for, what they were given, and what else was done with what it keeps about addresses.
            It keeps no addresses: only counters under keyed hashes, which expire.</p>
            <p class="soft">{report.Period.From} to {report.Period.To}. Counted from the service's <a href="#ledger">ledger</a> up to entry {report.Figures.Revision},
            made <time datetime="{PageTime.Machine(report.Generated)}">{PageTime.Text(report.Generated)}</time>.</p>
            <nav aria-label="On this page"><ul>
            <li><a href="#requests">Requests</a></li><li><a href="#acts">Erasures and other acts</a></li><li><a href="#kept">What is kept</a></li>
            <li><a href="#ledger">Ledger</a></li><li><a href="#downloads">Downloads</a></li>
            </ul></nav>
            </header>
            <main id="main">

            """);
        if (!report.IsSound)
        {
            html.Add($"""
                <p class="error" id="unsound" role="alert"><strong>Do not rely on these figures.</strong> The ledger that they were counted from was found not to be as it must be
                (changed, cut or moved away), or the disk did not take what was written to it. They are those of before that was found. Nothing is entered any more,
                and nothing that must be entered is done, until the operator has restarted the desk over a ledger that verifies.</p>

                """);
        }

        PeriodForm.Add(html, report.Span, report.Period);
        RequestSection.Add(html, report);
        ActSection.Add(html, report);
        KeptSection.Add(html, report);
        LedgerSection.Add(html, report.Ledger);
        html.Add($"""
            <section aria-labelledby="downloads">
            <h2 id="downloads">Downloads</h2>
            <p>The same figures of the same months, for programs:
            <a href="/transparency.json?from={report.Period.From}&amp;to={report.Period.To}">JSON</a>,
            <a href="/transparency.csv?from={report.Period.From}&amp;to={report.Period.To}">CSV</a>.</p>
            </section>

            """);
        return End(html);
    }

    /// <summary>The page that says why there is no report of a period, in UTF-8.</summary>
    public static byte[] Of(PeriodFault fault, ReportPeriod span)
    {
        var html = Begin("No such period: transparency report");
        html.Add($"""
            <header><h1>Transparency report</h1></header>
            <main id="main">
            <p class="error" role="alert">There is no report of this period. {fault.ToString()}</p>

            """);
        PeriodForm.Add(html, span, ReportPeriod.Latest(span.From, span.To, ReportPeriod.DefaultMonths));
        return End(html);
    }

    private static HtmlText Begin(string title)
    {
        var html = new HtmlText();
        html.Add($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <title>{title}</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <link rel="icon" href="data:,">
            <style>
            """).AddStyle(Style).Add($"""
            </style>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the report</a>

            """);
        return html;
    }

    private static byte[] End(HtmlText html) => Encoding.UTF8.GetBytes(html.Add($"""
        </main>
        <footer><p>Figures are of UTC months. What is kept is pseudonymous personal data.</p></footer>
        </body>
        </html>

        """).ToString());

    private static string ReadStyle()
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("transparency.css")
            ?? throw new InvalidOperationException("transparency.css is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
