namespace SpamGuard.Benchmarks.Report;

/// <summary>What became of one call.</summary>
/// <param name="Begun">Timestamp of its begin.</param>
/// <param name="Ended">Timestamp of its answer.</param>
/// <param name="Failed">Whether it got no assessment.</param>
/// <param name="Degraded">Whether the store was not asked.</param>
internal readonly record struct Call(long Begun, long Ended, bool Failed, bool Degraded);
