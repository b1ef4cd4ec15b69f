using System.Diagnostics;
using System.Globalization;
using SpamGuard.Testing;
using Xunit.Abstractions;

namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>Prints what fires and ends, and when.</summary>
internal sealed class AlertTimeline(PrometheusProcess prometheus, ITestOutputHelper output)
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private IReadOnlyList<string> _firing = [];

    /// <summary>Prints what is done.</summary>
    public void Say(string what) => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(_began).TotalSeconds,6:0.0} s  {what}"));

    /// <summary>Looks until what fires is as it shall be.</summary>
    public Task UntilAsync(Func<IReadOnlyList<string>, Task<bool>> condition) => Poll.UntilAsync(async () =>
    {
        var firing = await prometheus.FiringAsync();
        foreach (var alert in firing.Except(_firing, StringComparer.Ordinal))
        {
            Say($"  fires  {alert}");
        }

        foreach (var alert in _firing.Except(firing, StringComparer.Ordinal))
        {
            Say($"  ends   {alert}");
        }

        _firing = firing;
        return await condition(firing);
    });
}
