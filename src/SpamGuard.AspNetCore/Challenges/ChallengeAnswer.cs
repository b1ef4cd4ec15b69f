using System.Diagnostics.CodeAnalysis;

namespace SpamGuard.AspNetCore.Challenges;

/// <summary>What came of a challenge. One request at a time has it.</summary>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "It is forgotten while others may have it, and a semaphore without a wait handle holds nothing.")]
internal sealed class ChallengeAnswer
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Whether the proof held; <c>null</c> as long as nobody said.</summary>
    public bool? Holds { get; set; }

    /// <summary>Whether a request was let through for it: no other is.</summary>
    public bool IsUsed { get; set; }

    /// <summary>The decision that it is of; <c>null</c> as long as the event was never counted.</summary>
    public string? DecisionToken { get; set; }

    public Task WaitAsync(CancellationToken cancellationToken) => _turn.WaitAsync(cancellationToken);

    public void GiveBack() => _turn.Release();
}
