using Spectre.Console;

namespace SpamGuard.Promise.Report;

/// <summary>Reports for people.</summary>
internal static class Tables
{
    private const int WidthOfAFile = 150;
    private const int WidthOfAClause = 40;

    /// <summary>Clause, evidence, PASS or FAIL.</summary>
    public static void Write(WalkReport report)
    {
        var table = new Table().AddColumn("clause", static column => column.Width(WidthOfAClause)).AddColumns("evidence", "").Border(TableBorder.Square).ShowRowSeparators();
        foreach (var clause in report.Clauses)
        {
            IEnumerable<string> lines = [.. clause.Evidence.Select(static finding => finding.Holds ? finding.Fact : $"NOT SO: {finding.Fact}"), .. clause.Omitted is null ? (string[])[] : [$"NOT LOOKED AT: {clause.Omitted}"]];
            table.AddRow(new Text($"{clause.Clause}\n\n{clause.Promise}"), new Text(string.Join('\n', lines)), new Text(Word(clause)));
        }

        Write(table);
    }

    /// <summary>Switch, what failed, as expected or not.</summary>
    public static void Write(SabotageReport report)
    {
        var table = new Table().AddColumns("sabotage", "what it breaks", "clauses that failed", "as expected").Border(TableBorder.Square);
        foreach (var sabotage in report.Sabotages)
        {
            table.AddRow(
                new Text(sabotage.Sabotage),
                new Text(sabotage.Deed),
                new Text(sabotage.Failed.Count == 0 ? "none" : string.Join(", ", sabotage.Failed)),
                new Text(sabotage.AsExpected ? "yes" : $"NO: {sabotage.Expected}, and nothing else"));
        }

        Write(table);
        foreach (var omitted in report.Sabotages.SelectMany(static sabotage => sabotage.Omitted).CountBy(static what => what, StringComparer.Ordinal))
        {
            Console.Out.WriteLine($"Not looked at under {omitted.Value} of {report.Sabotages.Count} sabotages: {omitted.Key}.");
        }
    }

    private static void Write(Table table)
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = WidthOfAFile;
        }

        AnsiConsole.Write(table);
    }

    private static string Word(ClauseResult clause) => !clause.Passed ? "FAIL" : clause.Evidence.Count > 0 ? "PASS" : "–";
}
