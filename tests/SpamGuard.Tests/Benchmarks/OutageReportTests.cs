using System.Diagnostics;
using SpamGuard.Benchmarks.Report;

namespace SpamGuard.Tests.Benchmarks;

public sealed class OutageReportTests
{
    private const int PerSecond = 100;

    [Fact]
    public void Report_EveryCallAnsweredAndFullInTime_Succeeds()
    {
        var report = Report(Calls(10, degradedUntil: 4.99));

        Assert.Equal(0, report.ExitCode);
        Assert.Equal(5, report.Phases[0].FullAfter!.Value.TotalSeconds, 1);
        Assert.Equal(.5, report.Phases[0].DegradedShare, 2);
        Assert.DoesNotContain("MISSED", report.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_FullTooLate_Fails()
    {
        Assert.Equal(1, Report(Calls(10, degradedUntil: 5.2)).ExitCode);
        var never = Report(Calls(10, degradedUntil: 10));
        Assert.Equal(1, never.ExitCode);
        Assert.Contains("never  MISSED", never.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_OneCallWithoutAnswer_Fails()
    {
        List<Call> calls = [.. Calls(10, degradedUntil: 0)];
        calls[500] = calls[500] with { Failed = true };
        Assert.Equal(1, Report(calls).ExitCode);
    }

    [Fact]
    public void Report_OneLateAnswerAfterTheReturn_IsNoOutage()
    {
        List<Call> calls = [.. Calls(10, degradedUntil: 1)];
        calls[900] = calls[900] with { Degraded = true };
        var report = Report(calls);

        Assert.Equal(0, report.ExitCode);
        Assert.Equal(1, report.Phases[0].FullAfter!.Value.TotalSeconds, 1);
    }

    [Fact]
    public void Report_WithoutCalls_Fails()
    {
        Assert.Equal(1, Report([]).ExitCode);
        Assert.Equal(1, (Report([]) with { Phases = [] }).ExitCode);
    }

    private static OutageReport Report(IReadOnlyList<Call> calls) => new(
        TimeSpan.FromMilliseconds(100), PerSecond, new OutageMemory(1, 1, TimeSpan.Zero), [new Phase("restarted", Begun: 0, IsReturn: true, calls)]);

    private static IReadOnlyList<Call> Calls(int seconds, double degradedUntil) =>
        [.. Enumerable.Range(0, seconds * PerSecond).Select(i => new Call(At(i), At(i), Failed: false, i / (double)PerSecond < degradedUntil))];

    private static long At(int call) => call * Stopwatch.Frequency / PerSecond;
}
