using SpamGuard.Benchmarks.Report;

namespace SpamGuard.Tests.Benchmarks;

public sealed class ExpiryReportTests
{
    [Theory]
    [InlineData(1, 10, 0)]
    [InlineData(5, 10, 0)]
    [InlineData(6, 10, 1)]
    public void ExitCode_ByTheRatio_SaysWhetherTheStaggerIsWorthIt(int staggered, int together, int expected)
    {
        var report = new ExpiryReport(
            1000, TimeSpan.FromSeconds(20), TimeSpan.FromHours(2.6), Dying(1), Dying(staggered), Dying(together));

        Assert.Equal(expected, report.ExitCode);
        Assert.Equal(expected == 1, report.ToText().Contains("MISSED", StringComparison.Ordinal));
    }

    [Fact]
    public void Latency_OfPings_IsTheirQuantile()
    {
        var dying = new Dying("x", [.. Enumerable.Range(0, 101).Select(i => TimeSpan.FromMilliseconds(i))], TimeSpan.Zero, Capped: 0);

        Assert.Equal((50, 99, 100), (dying.Latency(.5).TotalMilliseconds, dying.Latency(.99).TotalMilliseconds, dying.Latency(1).TotalMilliseconds));
    }

    private static Dying Dying(int milliseconds) => new("x", [TimeSpan.FromMilliseconds(milliseconds)], TimeSpan.Zero, Capped: 0);
}
