using SpamGuard.Policies;

namespace SpamGuard.Cli.Scenarios.Gates;

/// <summary>The verdicts on one part of a scenario, in the order in which they were asked for.</summary>
internal sealed class Answers
{
    private readonly List<Verdict> _verdicts = [];

    /// <summary>How many there are.</summary>
    public int Count => _verdicts.Count;

    /// <summary>One of them, from 0.</summary>
    public Verdict this[int index] => _verdicts[index];

    /// <summary>Adds the next.</summary>
    public void Add(Verdict verdict) => _verdicts.Add(verdict);

    /// <summary>How many are a verdict or a harder one.</summary>
    public int AtLeast(Verdict mildest) => _verdicts.Count(verdict => verdict >= mildest);

    /// <summary>The share that is a verdict or a harder one; 0 of none.</summary>
    public double ShareAtLeast(Verdict mildest) => Count == 0 ? 0 : AtLeast(mildest) / (double)Count;

    /// <summary>The share that is exactly a verdict; 0 of none.</summary>
    public double ShareOf(Verdict verdict) => Count == 0 ? 0 : _verdicts.Count(other => other == verdict) / (double)Count;

    /// <summary>Which event, from 1, was the first to be given a verdict or a harder one; <c>null</c> if none was.</summary>
    public int? First(Verdict mildest) => _verdicts.FindIndex(verdict => verdict >= mildest) is >= 0 and var index ? index + 1 : null;

    /// <summary>Which event, from 1, was the last to be given a milder verdict; 0 if none was.</summary>
    public int LastMilder(Verdict verdict) => _verdicts.FindLastIndex(other => other < verdict) + 1;
}
