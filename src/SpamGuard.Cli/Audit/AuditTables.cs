using System.Globalization;

namespace SpamGuard.Cli.Audit;

/// <summary>What a pass found, for people: keys, settings, servers.</summary>
internal static class AuditTables
{
    /// <summary>The three tables; elsewhere than on a terminal every line begins with what it is about, that of names behind a #.</summary>
    public static IReadOnlyList<TextTable> Of(AuditResult result) =>
    [
        new(
            ["kind", "class", "cap", "keys", "copies", "remaining", "faulty"],
            [.. result.Kinds.Select(IReadOnlyList<string> (row) =>
            [
                row.Kind, row.Class ?? "-", row.CapSeconds is { } cap ? Life(cap) : "-", Number(row.Keys), Number(row.Copies), Life(row.LargestRemainingSeconds),
                Faulty(row),
            ])],
            "keys",
            IsNamed: true),
        new(
            ["setting", "state", "must be", "found"],
            [.. result.Settings.Select(IReadOnlyList<string> (row) => [row.Setting, row.State, row.Required, string.Join(" and ", row.Found.Select(static value => $"'{value}'"))])],
            "setting",
            IsNamed: true),
        new(
            ["server", "role", "keys", "expired met", "seen"],
            [.. result.Servers.Select(IReadOnlyList<string> (row) => [row.Server, row.Role ?? "-", Number(row.Keys), Number(row.ExpiredKeys), row.Problem ?? "whole"])],
            "server",
            IsNamed: true),
    ];

    /// <summary>One line.</summary>
    public static string Summary(AuditResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"{result.Outcome}: {result.FaultyKeys} faulty keys, {result.DeletedKeys} deleted, {result.RemainingKeys} still there; {result.ForeignKeys} foreign keys; {result.ExpiredKeys} expired keys met; "
        + $"{result.Settings.Count(static row => row.State is "wrong")} settings wrong, {result.Settings.Count(static row => row.State is "unknown")} unknown; "
        + $"{result.Servers.Count(static row => row.Problem is null)} of {result.Servers.Count + result.UnnamedServers} servers seen whole{(result.Servers.Any(static row => row.Role is "master") ? "" : ", and none is a master")}, in {result.DurationSeconds:0.0} s.");

    // In one column: with three the table was wider than a terminal.
    private static string Faulty(AuditedKind row)
    {
        (long Count, string Name)[] faults = [(row.WithoutTtl, "without TTL"), (row.OverCap, "over cap"), (row.UnknownKind, "unknown")];
        return string.Join(", ", faults.Where(static fault => fault.Count > 0).Select(static fault => $"{Number(fault.Count)} {fault.Name}").DefaultIfEmpty("0"));
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Life(long seconds) => TimeSpan.FromSeconds(seconds).ToString("c", CultureInfo.InvariantCulture);
}
