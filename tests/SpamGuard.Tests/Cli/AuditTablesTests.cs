using SpamGuard.Cli;
using SpamGuard.Cli.Audit;

namespace SpamGuard.Tests.Cli;

public sealed class AuditTablesTests
{
    private static readonly AuditResult Result = new(
        "violation",
        DryRun: false,
        DurationSeconds: 50,
        [
            new("sg:a", "address", 604_800, Keys: 1_000_000, Copies: 1_000_000, LargestRemainingSeconds: 604_799, WithoutTtl: 0, OverCap: 2, UnknownKind: 0),
            new("sg:w", "aggregate", 2_592_000, Keys: 3, Copies: 3, LargestRemainingSeconds: 2_591_999, WithoutTtl: 1, OverCap: 2, UnknownKind: 0),
        ],
        ForeignKeys: 0,
        ExpiredKeys: 0,
        FaultyKeys: 5,
        DeletedKeys: 5,
        RemainingKeys: 0,
        Settings: [],
        Servers: [],
        UnnamedServers: 0);

    [Fact]
    public void Kinds_OnATerminalOf80Columns_BreakNoWord()
    {
        var output = new StringWriter();
        var terminal = new Terminal(output, TextWriter.Null, name => name == "NO_COLOR" ? "1" : null, outputIsTerminal: true);

        terminal.Write(AuditTables.Of(Result)[0]);

        string[] words = ["kind", "class", "cap", "keys", "copies", "remaining", "faulty", "aggregate", "1000000", "30.00:00:00", "29.23:59:59", "without", "TTL,"];
        Assert.All(words, word => Assert.Contains(word, output.ToString(), StringComparison.Ordinal));
        Assert.All(output.ToString().Split(Environment.NewLine), static line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void Kinds_ForAScript_HaveNamesAndSayEachFault() => Assert.Equal(
        [
            "#keys\tkind\tclass\tcap\tkeys\tcopies\tremaining\tfaulty",
            "keys\tsg:a\taddress\t7.00:00:00\t1000000\t1000000\t6.23:59:59\t2 over cap",
            "keys\tsg:w\taggregate\t30.00:00:00\t3\t3\t29.23:59:59\t1 without TTL, 2 over cap",
        ],
        AuditTables.Of(Result)[0].Lines());
}
