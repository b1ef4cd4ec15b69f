namespace SpamGuard.Benchmarks.Report;

/// <summary>What an outage's memory takes when it is full.</summary>
/// <param name="Records">Records held.</param>
/// <param name="Bytes">Bytes of managed memory.</param>
/// <param name="Longest">The longest that one event took: it may have to make room.</param>
internal sealed record OutageMemory(int Records, long Bytes, TimeSpan Longest);
