namespace SpamGuard.Benchmarks.Client;

/// <summary>What callers saw while the service was in one state.</summary>
/// <param name="Name">The state.</param>
/// <param name="IsThere">Whether the service can answer in it.</param>
/// <param name="Verdicts">Every call: when it began after the state did, how long the verdict took, and whether it was the service's.</param>
/// <param name="PoolDelays">How long work waited for a thread of the pool meanwhile.</param>
/// <param name="Threads">The most threads that the pool had.</param>
internal sealed record ClientPhase(string Name, bool IsThere, IReadOnlyList<ClientVerdict> Verdicts, IReadOnlyList<TimeSpan> PoolDelays, int Threads)
{
    /// <summary>The part of verdicts that were the service's.</summary>
    public double FromService => (double)Verdicts.Count(static verdict => verdict.IsOfService) / Verdicts.Count;

    /// <summary>After how long the service's verdicts were the rule again: of the hundred or more from there on at least 95 of 100 are; <c>null</c> for never.</summary>
    public TimeSpan? BackAfter
    {
        get
        {
            var others = 0;
            TimeSpan? back = null;
            for (var i = Verdicts.Count - 1; i >= 0; i--)
            {
                others += Verdicts[i].IsOfService ? 0 : 1;
                if (Verdicts.Count - i >= 100 && Verdicts[i].IsOfService && others * 20 <= Verdicts.Count - i)
                {
                    back = Verdicts[i].Begun;
                }
            }

            return back;
        }
    }

    /// <summary>The time that so large a part of verdicts took at most.</summary>
    public TimeSpan Took(double part) => Part([.. Verdicts.Select(static verdict => verdict.Took)], part);

    /// <summary>The time that so large a part of work waited at most.</summary>
    public TimeSpan Waited(double part) => Part(PoolDelays, part);

    private static TimeSpan Part(IReadOnlyList<TimeSpan> times, double part)
    {
        var sorted = times.Order().ToList();
        return sorted[(int)Math.Min(sorted.Count - 1, Math.Ceiling(part * sorted.Count) - 1)];
    }
}
