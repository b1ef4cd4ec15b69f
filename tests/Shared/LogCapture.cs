using System.Collections;
using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;

namespace SpamGuard.Testing;

/// <summary>
/// Keeps every log call, down to Trace, with everything a sink could write: message, state, scopes, exception. Thread-safe.
/// For canary tests (a known address is in none of it) and for failing a test on an error that it did not announce.
/// </summary>
[ProviderAlias("Capture")]
public sealed class LogCapture : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<CapturedLog> _logs = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    /// <summary>A snapshot, in the order of the calls.</summary>
    public IReadOnlyList<CapturedLog> Logs => [.. _logs];

    /// <summary>All captured text, to search for what must not be there.</summary>
    public string AllText => string.Join('\n', _logs.Select(log => log.Text));

    public void Clear() => _logs.Clear();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    /// <summary>
    /// Fails the test, at the end of the returned scope, when a log of level Error or above was written meanwhile and
    /// <paramref name="announced"/> does not expect it. A whole test: <c>using var watch = logs.FailOnUnannouncedErrors();</c>
    /// </summary>
    public IDisposable FailOnUnannouncedErrors(Predicate<CapturedLog>? announced = null) => new ErrorWatch(this, announced);

    /// <summary>Nothing is released: what was captured is read after the host has disposed its providers.</summary>
    public void Dispose()
    {
    }

    private void Add(CapturedLog log) => _logs.Enqueue(log);

    private static string Describe(Exception exception)
    {
        var text = new StringBuilder(exception.ToString());
        for (var e = exception; e is not null; e = e.InnerException)
        {
            // ToString leaves Data out, and structured sinks write it: Redis clients put key names there.
            foreach (DictionaryEntry entry in e.Data)
            {
                text.Append('\n').Append("  Data ").Append(entry.Key).Append('=').Append(entry.Value);
            }
        }

        return text.ToString();
    }

    private static string DescribeScope(object? scope) =>
        scope is IEnumerable<KeyValuePair<string, object?>> pairs
            ? $"{scope} [{string.Join(", ", pairs.Select(pair => $"{pair.Key}={pair.Value}"))}]"
            : scope?.ToString() ?? string.Empty;

    private sealed class Logger(LogCapture capture, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => capture._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var scopes = new List<string>();
            capture._scopes.ForEachScope((scope, list) => list.Add(DescribeScope(scope)), scopes);
            IReadOnlyList<KeyValuePair<string, string?>> pairs = state is IEnumerable<KeyValuePair<string, object?>> values
                ? [.. values.Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.ToString()))]
                : [KeyValuePair.Create("state", state?.ToString())];
            capture.Add(new CapturedLog(
                category, logLevel, eventId, formatter(state, exception), pairs, scopes, exception is null ? null : Describe(exception)));
        }
    }

    private sealed class ErrorWatch(LogCapture capture, Predicate<CapturedLog>? announced) : IDisposable
    {
        private readonly int _before = capture._logs.Count;

        public void Dispose()
        {
            var unannounced = capture.Logs
                .Skip(_before)
                .Where(log => log.Level >= LogLevel.Error && announced?.Invoke(log) != true)
                .ToList();
            Assert.True(
                unannounced.Count == 0,
                $"{unannounced.Count} errors were logged that the test did not announce:\n{string.Join('\n', unannounced)}");
        }
    }
}
