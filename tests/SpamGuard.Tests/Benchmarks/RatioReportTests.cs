using System.Text.Json;
using SpamGuard.Benchmarks.Report;

namespace SpamGuard.Tests.Benchmarks;

public sealed class RatioReportTests
{
    private static readonly RowKind Fast = new("fast", "ratio", Direction.AtLeast, .25, "this / that");
    private static readonly RowKind Small = new("small", "bytes", Direction.AtMost, 195, "bytes / records");
    private static readonly RowKind Telling = new("telling", "us", Direction.Informative, null, "for the reader");

    [Theory]
    [InlineData(new[] { 3.0, 1.0, 2.0 }, 2.0)]
    [InlineData(new[] { 4.0, 1.0, 2.0, 3.0 }, 2.5)]
    [InlineData(new[] { 7.0 }, 7.0)]
    public void Of_Samples_GivesMedianAndRange(double[] samples, double median)
    {
        var row = RatioRow.Of(Telling, samples, fault: null);

        Assert.Equal((median, samples.Min(), samples.Max()), (row.Median, row.Min, row.Max));
        Assert.True(row.Met);
    }

    [Theory]
    [InlineData(.24, 195, 1)]
    [InlineData(.25, 195, 0)]
    [InlineData(.25, 195.1, 1)]
    public void ExitCode_MedianOnTheWrongSideOfAFloor_IsOne(double fast, double small, int exitCode) =>
        Assert.Equal(exitCode, Report(RatioRow.Of(Fast, [fast], null), RatioRow.Of(Small, [small], null)).ExitCode);

    [Fact]
    public void ExitCode_OneBadRoundOfThree_IsZero() =>
        Assert.Equal(0, Report(RatioRow.Of(Fast, [.1, .3, .3], null)).ExitCode);

    [Fact]
    public void ExitCode_NoRow_IsOne() => Assert.Equal(1, Report().ExitCode);

    [Fact]
    public void ExitCode_RowWithoutSamples_IsOne() => Assert.Equal(1, Report(RatioRow.Of(Telling, [], null)).ExitCode);

    [Fact]
    public void ExitCode_RowWithAFault_IsOneWhateverItMeasured() =>
        Assert.Equal(1, Report(RatioRow.Of(Fast, [.9], "Score: not every answer was OK: 9 OK, 1 Unavailable.")).ExitCode);

    [Fact]
    public void ToJson_OfRows_HoldsFiguresFloorsAndWhetherTheyAreMet()
    {
        var report = Report(RatioRow.Of(Fast, [.2, .3, .4], null), RatioRow.Of(Small, [200], null), RatioRow.Of(Telling, [], null));

        using var json = JsonDocument.Parse(report.ToJson());
        var rows = json.RootElement.GetProperty("rows").EnumerateArray().ToList();

        Assert.Equal(["fast", "small", "telling"], rows.Select(row => row.GetProperty("name").GetString()));
        Assert.Equal([true, false, false], rows.Select(row => row.GetProperty("met").GetBoolean()));
        Assert.Equal(["at_least", "at_most", "informative"], rows.Select(row => row.GetProperty("direction").GetString()));
        Assert.Equal(
            (.3, .2, .4, .25),
            (Number(rows[0], "median"), Number(rows[0], "min"), Number(rows[0], "max"), Number(rows[0], "floor")));
        Assert.Equal(JsonValueKind.Null, rows[2].GetProperty("floor").ValueKind);
        Assert.Equal(JsonValueKind.Null, rows[2].GetProperty("median").ValueKind);
    }

    [Fact]
    public void ToText_OfRows_SaysWhichFloorWasMissed()
    {
        var lines = Report(RatioRow.Of(Fast, [.2], null), RatioRow.Of(Small, [190], null)).ToText().Split('\n');

        Assert.Contains(lines, line => line.StartsWith("fast ", StringComparison.Ordinal) && line.Contains(">= 0.25  MISSED", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("small ", StringComparison.Ordinal) && line.Contains("<= 195   met", StringComparison.Ordinal));
    }

    [Fact]
    public void All_Rows_HaveNamesOfTheirOwnAndAFloorWhereTheyHaveADirection()
    {
        Assert.Equal(Rows.All.Count, Rows.All.Select(row => row.Name).Distinct().Count());
        Assert.All(Rows.All, row => Assert.Equal(row.Direction == Direction.Informative, row.Floor is null));
    }

    private static RatioReport Report(params RatioRow[] rows) => new(["a note"], rows);

    private static double Number(JsonElement row, string name) => row.GetProperty(name).GetDouble();
}
