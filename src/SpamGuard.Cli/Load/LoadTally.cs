using Grpc.Core;
using HdrHistogram;
using SpamGuard.Cli.Calls;
using SpamGuard.V1;

namespace SpamGuard.Cli.Load;

/// <summary>What the calls of a load came to. For concurrent use.</summary>
internal sealed class LoadTally
{
    private const long LongestMicroseconds = 600_000_000;
    private const int Digits = 3;

    private readonly Lock _gate = new();
    private readonly LongHistogram _answers = new(1, LongestMicroseconds, Digits);
    private readonly LongHistogram _empty = new(1, LongestMicroseconds, Digits);
    private readonly SortedDictionary<string, long> _verdicts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _errors = new(StringComparer.Ordinal);
    private long _degraded;

    /// <summary>An event was answered.</summary>
    /// <param name="assessment">The answer.</param>
    /// <param name="took">Since it was to be sent.</param>
    public void Answered(Assessment assessment, TimeSpan took)
    {
        lock (_gate)
        {
            Record(_answers, took);
            Count(_verdicts, CallText.Of(assessment.Verdict));
            _degraded += assessment.Quality is Quality.Degraded ? 1 : 0;
        }
    }

    /// <summary>An empty health call was answered.</summary>
    public void Empty(TimeSpan took)
    {
        lock (_gate)
        {
            Record(_empty, took);
        }
    }

    /// <summary>A call failed.</summary>
    public void Failed(StatusCode code)
    {
        lock (_gate)
        {
            Count(_errors, CallText.Of(code));
        }
    }

    /// <summary>What is known by now.</summary>
    /// <param name="plan">What was to be done.</param>
    /// <param name="begun">How many calls were begun.</param>
    /// <param name="took">How long that took.</param>
    /// <param name="isInterrupted">Whether it was stopped.</param>
    public LoadReport Report(LoadPlan plan, long begun, TimeSpan took, bool isInterrupted)
    {
        lock (_gate)
        {
            var (answers, empty) = (LoadLatency.Of(_answers), LoadLatency.Of(_empty));
            return new LoadReport(
                plan.Seed,
                plan.Rate,
                Math.Round(took.TotalSeconds, 3),
                isInterrupted,
                begun,
                _answers.TotalCount,
                _degraded,
                new SortedDictionary<string, long>(_errors, StringComparer.Ordinal),
                new SortedDictionary<string, long>(_verdicts, StringComparer.Ordinal),
                answers,
                empty,
                answers is null || empty is null || empty.P50 <= 0 ? null : Math.Round(answers.P50 / empty.P50, 2));
        }
    }

    private static void Record(LongHistogram histogram, TimeSpan took) => histogram.RecordValue(Math.Clamp((long)took.TotalMicroseconds, 1, LongestMicroseconds));

    private static void Count(SortedDictionary<string, long> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;
}
