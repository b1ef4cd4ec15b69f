using System.Runtime.CompilerServices;
using SpamGuard.Policies;

namespace SpamGuard.Signals;

/// <summary>What the model found: log-odds per signal, their sum, and what follows.</summary>
internal struct Evidence
{
    /// <summary>Log-odds of every signal; 0 where it did not apply.</summary>
    public SignalValues Values;

    /// <summary>What the tags of the address say; <c>null</c> for nothing.</summary>
    public Reason[]? Tags;

    /// <summary>The sum of <see cref="Values"/> and <see cref="Tags"/>.</summary>
    public double LogOdds;

    /// <summary>The verdict.</summary>
    public Verdict Verdict;

    /// <summary>Probability of spam, 0 to 1.</summary>
    public readonly double Probability => SpamModel.Sigmoid(LogOdds);

    /// <summary>The signals that say something and the tags that the policy speaks of, strongest first; their weights add up to the log-odds.</summary>
    public readonly Reason[] Reasons()
    {
        var tags = Tags ?? [];
        var count = tags.Length;
        foreach (var value in Values)
        {
            count += value != 0 ? 1 : 0;
        }

        var reasons = new Reason[count];
        tags.CopyTo(reasons, 0);
        for (int code = 0, next = tags.Length; next < count; code++)
        {
            if (Values[code] != 0)
            {
                reasons[next++] = new Reason(((SignalCode)code).Name(), Values[code]);
            }
        }

        reasons.AsSpan().Sort(StrongestFirst);
        return reasons;
    }

    /// <summary>The order in which reasons are given.</summary>
    public static int StrongestFirst(Reason one, Reason other) => Math.Abs(other.Weight).CompareTo(Math.Abs(one.Weight));
}

/// <summary>A value per signal, by its code.</summary>
[InlineArray(ReasonCodes.SignalCount)]
internal struct SignalValues
{
    private double _first;
}
