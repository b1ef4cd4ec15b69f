using System.Security.Authentication;
using Microsoft.Extensions.Logging;

namespace SpamGuard.Storage.Redis;

/// <summary>Hears of every failed connecting, the first one too, of which the driver has no event. Its texts hold names of keys: nothing of them is written.</summary>
/// <param name="failed">Gets what the driver met.</param>
internal sealed class StoreTlsFailures(Action<Exception> failed) : ILoggerFactory, ILogger
{
    // Words of the other side's alert, as OpenSSL spells them.
    private static readonly string[] Alerts =
    [
        "certificate required", "certificate expired", "certificate revoked", "certificate unknown", "bad certificate", "unsupported certificate",
        "unknown ca", "access denied", "handshake failure", "protocol version",
    ];

    private static readonly string[] NoTls = ["wrong version number", "unexpected EOF", "Cannot determine the frame size"];

    /// <summary>The other side's words for what it refuses; <c>null</c> where it refused nothing.</summary>
    public static string? Refusal(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception.Message.Contains("alert", StringComparison.Ordinal)
                && Array.Find(Alerts, alert => exception.Message.Contains(alert, StringComparison.Ordinal)) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Whether the handshake met something that is no TLS.</summary>
    public static bool IsNoTls(Exception? exception)
    {
        var inHandshake = false;
        for (; exception is not null; exception = exception.InnerException)
        {
            inHandshake |= exception is AuthenticationException or IOException;
            if (inHandshake && Array.Exists(NoTls, text => exception.Message.Contains(text, StringComparison.Ordinal)))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is not null)
        {
            failed(exception);
        }
    }
}
