using SpamGuard.Testing.Privacy;

namespace SpamGuard.Promise.World;

/// <summary>What the service logged, at every level, with the state and the scopes of each event.</summary>
internal sealed class ServiceLogSink(RunningWorld world) : ISink
{
    public string Name => "logs at Trace";

    public bool HoldsBytes => false;

    public Task<IReadOnlyList<string>> ReadAsync() => Task.FromResult<IReadOnlyList<string>>([.. world.Log]);
}
