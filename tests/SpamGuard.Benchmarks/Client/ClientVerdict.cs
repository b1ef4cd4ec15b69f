namespace SpamGuard.Benchmarks.Client;

/// <summary>One verdict.</summary>
/// <param name="Begun">When it was asked for, after the state began.</param>
/// <param name="Took">How long it took.</param>
/// <param name="IsOfService">Whether the service gave it.</param>
internal readonly record struct ClientVerdict(TimeSpan Begun, TimeSpan Took, bool IsOfService);
