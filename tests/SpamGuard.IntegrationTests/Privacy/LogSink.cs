using SpamGuard.Testing;
using SpamGuard.Testing.Privacy;

namespace SpamGuard.IntegrationTests.Privacy;

/// <summary>Every log call: message, state, scopes, exceptions and their data.</summary>
internal sealed class LogSink(LogCapture logs) : ISink
{
    public string Name => "logs";

    public bool HoldsBytes => false;

    public Task<IReadOnlyList<string>> ReadAsync() => Task.FromResult<IReadOnlyList<string>>([.. logs.Logs.Select(log => log.Text)]);
}
