using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace SpamGuard.Server;

/// <summary>A start that was refused; the message names key, found value and allowed values.</summary>
internal sealed class StartRefusedException(string message) : Exception(message);

/// <summary>Tells what an operator can mend from what is our fault: the former ends the start with a line each, the latter with a trace.</summary>
internal static class StartFaults
{
    /// <summary>The lines of a refused start.</summary>
    public static bool TryDescribe(Exception exception, [NotNullWhen(true)] out IReadOnlyList<string>? faults)
    {
        faults = exception switch
        {
            StartRefusedException refused => [refused.Message],
            OptionsValidationException invalid => [.. invalid.Failures],
            AggregateException several => Describe(several.InnerExceptions),

            // The binder has no type of its own for a value that is no number, no duration and so on; its text names key, value and type.
            InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } unbindable => [unbindable.Message],
            IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } taken => [taken.Message],
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
