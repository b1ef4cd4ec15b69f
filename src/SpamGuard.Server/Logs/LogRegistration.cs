using Microsoft.Extensions.Logging.Console;

namespace SpamGuard.Server.Logs;

/// <summary>Registers how the log is written to standard output.</summary>
internal static class LogRegistration
{
    /// <summary>In lines of JSON, and in development for the eye; <c>Logging:Console:FormatterName</c> says otherwise.</summary>
    public static WebApplicationBuilder AddLogs(this WebApplicationBuilder builder)
    {
        builder.Logging.AddConsoleFormatter<JsonLogFormatter, ConsoleFormatterOptions>();
        var usual = builder.Environment.IsDevelopment() ? ConsoleFormatterNames.Simple : JsonLogFormatter.FormatterName;
        builder.Services.PostConfigure<ConsoleLoggerOptions>(options => options.FormatterName ??= usual);
        return builder;
    }
}
