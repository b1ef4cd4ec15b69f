namespace SpamGuard.Desk.Transparency.Rendering;

/// <summary>What is kept, for how long, and what the auditor says of it.</summary>
internal static class KeptSection
{
    /// <summary>Adds the section.</summary>
    public static void Add(HtmlText html, TransparencyReport report)
    {
        html.Add($"""
            <section aria-labelledby="kept">
            <h2 id="kept">What is kept, and for how long</h2>
            <p>An address is hashed on arrival, under a secret key and a random salt, and exists nowhere after that. The store refuses to keep anything without an
            expiry, or longer than this. Court orders can't lengthen it: there is no way to hold anything back from its end.</p>

            """);
        FigureTable.Begin(html, "retention", "Everything that the store may hold.", ["What", "At most", "How it ends", "Class"], []);
        foreach (var row in report.Retention)
        {
            html.Add($"<tr class=\"words\"><td>{row.What}</td><td>{PageTime.Duration(row.Seconds)}</td><td>{row.Ends}</td><td>{row.Class}</td></tr>\n");
        }

        FigureTable.End(html);
        html.Add($"<h3>The auditor's last result</h3>\n<p id=\"audit\">{Words(report.Audit)}</p>\n");
        if (report.Audit.Time is { } time)
        {
            html.Add($"""
                <dl class="plain">
                <dt>When</dt><dd><time datetime="{PageTime.Machine(time)}">{PageTime.Text(time)}</time></dd>
                <dt>Keys without an expiry</dt><dd>{report.Audit.WithoutTtl}</dd>
                <dt>Keys with too long a one</dt><dd>{report.Audit.OverCap}</dd>
                <dt>Of these still there</dt><dd>{report.Audit.Remaining}</dd>
                </dl>

                """);
        }

        html.Add($"</section>\n");
    }

    private static string Words(AuditResult audit) => audit.State switch
    {
        "not_run_here" => "Not run here: this process does not audit the store, so it can say nothing of it.",
        "not_yet" => "Not yet: the first walk over the store has not ended.",
        "clean" => "Clean: every server of the store was walked whole, every key has an expiry that it may have, and every setting is as it must be.",
        "violation" => "Violation: every server of the store was walked whole, and a key or a setting was not as it must be.",
        _ => "Incomplete: a part of the store could not be seen. What was not seen is not taken for clean.",
    };
}
