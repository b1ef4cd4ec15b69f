using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using SpamGuard.Desk.Ledger;

namespace SpamGuard.Server;

/// <summary>A start that was refused; the message names key, found value and allowed values.</summary>
/// <param name="message">The line.</param>
/// <param name="told">Whether an event of the log says it already.</param>
internal sealed class StartRefusedException(string message, bool told = false) : Exception(message)
{
    /// <summary>Whether an event of the log says it already.</summary>
    public bool Told => told;
}

/// <summary>Tells what an operator can mend from what is our fault: the former ends the start with a line each, the latter with a trace.</summary>
internal static class StartFaults
{
    /// <summary>The lines of a refused start; none where the log has told it.</summary>
    public static bool TryDescribe(Exception exception, [NotNullWhen(true)] out IReadOnlyList<string>? faults)
    {
        faults = exception switch
        {
            StartRefusedException refused => refused.Told ? [] : [refused.Message],
            LedgerException ledger => [ledger.Message],
            OptionsValidationException invalid => [.. invalid.Failures],
            AggregateException several => Describe(several.InnerExceptions),

            // Of a section that is not ours. The binder has no type of its own for what it can't convert; its text names key, value and type.
            InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } unbindable => [unbindable.Message],
            InvalidOperationException { Source: "Microsoft.Extensions.Logging" or "Microsoft.Extensions.Logging.Configuration" } level => [$"Logging:LogLevel: {level.Message}"],

            // A file of settings that is no JSON: the text names it, and the cause says where in it.
            InvalidDataException unreadable => [$"{unreadable.Message} {unreadable.InnerException?.Message}".ReplaceLineEndings(" ").TrimEnd()],
            _ => null,
        };
        return faults is not null;
    }

    private static List<string>? Describe(IEnumerable<Exception> several)
    {
        var all = new List<string>();
        foreach (var one in several)
        {
            if (!TryDescribe(one, out var lines))
            {
                return null;
            }

            all.AddRange(lines);
        }

        return all;
    }
}
