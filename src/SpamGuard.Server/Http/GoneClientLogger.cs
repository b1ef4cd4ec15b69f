namespace SpamGuard.Server.Http;

/// <summary>
/// Tells at Debug, and without a trace, of what failed because the client has gone: whoever cancels a call, or passes its own deadline, is no fault of ours.
/// A fault within a method is none of these: <see cref="Server.Grpc.CallInterceptor"/> has made a status of it, and logs it.
/// </summary>
internal sealed class GoneClientLogger(ILogger inner) : ILogger
{
    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is OperationCanceledException or (IOException and not BadHttpRequestException))
        {
            inner.Log(LogLevel.Debug, eventId, state, exception: null, formatter);
        }
        else
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
