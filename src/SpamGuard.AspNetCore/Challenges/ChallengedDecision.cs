using System.Diagnostics.CodeAnalysis;

namespace SpamGuard.AspNetCore.Challenges;

/// <summary>An event that was challenged, once or again after wrong answers. One request at a time has it.</summary>
/// <param name="token">The service's decision; <c>null</c> where it was away, and counted nothing.</param>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "It is forgotten while others may have it, and a semaphore without a wait handle holds nothing.")]
internal sealed class ChallengedDecision(string? token)
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>The service's decision; <c>null</c> as long as it did not count the event, or is to count it again.</summary>
    public string? Token { get; set; } = token;

    /// <summary>Whether a request was let through for it: no other is.</summary>
    public bool IsUsed { get; set; }

    /// <summary>How many of its challenges are remembered.</summary>
    public int Remembered { get; set; }

    public Task WaitAsync(CancellationToken cancellationToken) => _turn.WaitAsync(cancellationToken);

    public void GiveBack() => _turn.Release();
}
