using Microsoft.Extensions.Logging;

namespace SpamGuard.Testing;

public static class LogCaptureExtensions
{
    /// <summary>Adds the capture and opens every category down to Trace, whatever the configuration says.</summary>
    public static ILoggingBuilder AddCapture(this ILoggingBuilder logging, LogCapture capture) =>
        logging
            .SetMinimumLevel(LogLevel.Trace)
            .AddProvider(capture)
            .AddFilter<LogCapture>(category: null, LogLevel.Trace);
}
