namespace SpamGuard.Server;

/// <summary>Leaves out of a log what ends the start with a line of its own (<see cref="StartFaults"/>); faults of our own are logged as ever.</summary>
internal sealed class ToldOnceLogger(ILogger inner) : ILogger
{
    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is null || !StartFaults.TryDescribe(exception, out _))
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
