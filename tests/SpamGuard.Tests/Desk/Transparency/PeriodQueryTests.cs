using SpamGuard.Desk.Transparency;

namespace SpamGuard.Tests.Desk.Transparency;

public sealed class PeriodQueryTests
{
    private static readonly ReportPeriod Span = new(Month("2024-02"), Month("2026-11"));

    [Theory]
    [InlineData(null, null, false, "2025-12", "2026-11")]
    [InlineData("", "", false, "2025-12", "2026-11")]
    [InlineData(null, null, true, "2024-02", "2026-11")]
    [InlineData("2026-01", null, false, "2026-01", "2026-11")]
    [InlineData(null, "2024-05", false, "2024-02", "2024-05")]
    [InlineData("2024-02", "2024-02", false, "2024-02", "2024-02")]
    public void Read_APeriodWithinTheLedger_IsThatPeriod(string? from, string? to, bool all, string first, string last)
    {
        Assert.Equal(new ReportPeriod(Month(first), Month(last)), new PeriodQuery(from, to, all).Read(Span, out var fault));
        Assert.Null(fault);
    }

    [Theory]
    [InlineData("2026-13", null, false, "from: found '2026-13'; allowed are months from 2024-02 to 2026-11.")]
    [InlineData("2024-01", null, false, "from: found '2024-01'; allowed are months from 2024-02 to 2026-11.")]
    [InlineData("2026-05", "2026-04", false, "from: found '2026-05'; allowed are months from 2024-02 to 2026-04.")]
    [InlineData(null, "2026-12", false, "to: found '2026-12'; allowed are months from 2024-02 to 2026-11.")]
    [InlineData("198.51.100.7", null, false, "from: found a text that is no month; allowed are months from 2024-02 to 2026-11.")]
    [InlineData(null, "<b>", false, "to: found a text that is no month; allowed are months from 2024-02 to 2026-11.")]
    [InlineData("2026-05", null, true, "from: found a month beside all of them; allowed are either all months, or from and to.")]
    public void Read_AnotherPeriod_SaysFieldFoundAndAllowed(string? from, string? to, bool all, string expected)
    {
        Assert.Null(new PeriodQuery(from, to, all).Read(Span, out var fault));
        Assert.Equal(expected, fault?.ToString());
    }

    [Fact]
    public void Read_MoreMonthsThanAReportHas_IsRefusedOrCut()
    {
        var span = new ReportPeriod(Month("1990-01"), Month("2026-11"));

        Assert.Null(new PeriodQuery("1990-01", null).Read(span, out var fault));
        Assert.Equal("from: found '1990-01'; allowed are a month from 2006-12 on, for a report has at most 240 months.", fault?.ToString());
        Assert.Equal(240, new PeriodQuery(null, null, All: true).Read(span, out _)?.Length);
    }

    private static Month Month(string text) => SpamGuard.Desk.Transparency.Month.TryParse(text, out var month) ? month : throw new ArgumentException(text, nameof(text));
}
