using Microsoft.Extensions.Logging;
using SpamGuard.Storage.Redis;

namespace SpamGuard.Cli.Audit;

/// <summary>Says on the terminal what a connection to the store has to say of its encryption. Of all else the verb's own outcome tells.</summary>
internal sealed class StoreTlsMessages(Terminal terminal) : ILogger<RedisConnection>
{
    private readonly Lock _gate = new(); // the driver's threads

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Id is EventIds.StoreTlsFailed or EventIds.StoreTlsFilesRejected or EventIds.StoreNotEncrypted)
        {
            lock (_gate)
            {
                terminal.Say(formatter(state, exception));
            }
        }
    }
}
