using System.Runtime.CompilerServices;
using SpamGuard.Policies;

namespace SpamGuard.Signals;

/// <summary>What the model found: log-odds per signal, their sum, and what follows.</summary>
internal struct Evidence
{
    /// <summary>Log-odds of every signal; 0 where it did not apply.</summary>
    public SignalValues Values;

    /// <summary>The sum of <see cref="Values"/>.</summary>
    public double LogOdds;

    /// <summary>The verdict.</summary>
    public Verdict Verdict;

    /// <summary>Probability of spam, 0 to 1.</summary>
    public readonly double Probability => SpamModel.Sigmoid(LogOdds);

    /// <summary>The signals that say something, strongest first; their weights add up to the log-odds.</summary>
    public readonly Reason[] Reasons()
    {
        var count = 0;
        foreach (var value in Values)
        {
            count += value != 0 ? 1 : 0;
        }

        var reasons = new Reason[count];
        for (int code = 0, next = 0; next < count; code++)
        {
            if (Values[code] != 0)
            {
                reasons[next++] = new Reason(((SignalCode)code).Name(), Values[code]);
            }
        }

        reasons.AsSpan().Sort(static (one, other) => Math.Abs(other.Weight).CompareTo(Math.Abs(one.Weight)));
        return reasons;
    }
}

/// <summary>A value per signal, by its code.</summary>
[InlineArray(SignalCodes.Count)]
internal struct SignalValues
{
    private double _first;
}
