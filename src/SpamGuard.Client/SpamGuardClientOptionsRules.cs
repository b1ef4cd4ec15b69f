using System.Globalization;
using Microsoft.Extensions.Options;
using SpamGuard.V1;

namespace SpamGuard.Client;

/// <summary>What may be configured: all faults at once, each with what was found and what is allowed.</summary>
internal sealed class SpamGuardClientOptionsRules : IValidateOptions<SpamGuardClientOptions>
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan HalfASecond = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, SpamGuardClientOptions options)
    {
        var faults = Faults(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(SpamGuardClientOptions options)
    {
        var address = options.Address;
        if (address is not { IsAbsoluteUri: true } || !IsAPlace(address))
        {
            yield return Fault(nameof(options.Address), Shown(address), "https://host:port, http://host:port and dns:///host:port");
        }
        else
        {
            foreach (var fault in TlsFaults(options, address))
            {
                yield return fault;
            }
        }

        (string Key, TimeSpan Found, TimeSpan Least, TimeSpan Most)[] spans =
        [
            (nameof(options.Timeout), options.Timeout, Millisecond, TimeSpan.FromSeconds(10)),
            (nameof(options.BatchTimeout), options.BatchTimeout, Millisecond, Minute),
            (nameof(options.ReportTimeout), options.ReportTimeout, Millisecond, Minute),
            (nameof(options.DnsRefresh), options.DnsRefresh, TimeSpan.FromSeconds(15), Hour),
            ($"{nameof(options.Tls)}:{nameof(options.Tls.ReloadInterval)}", options.Tls.ReloadInterval, TimeSpan.FromSeconds(1), Hour),
            ($"{nameof(options.SignUp)}:{nameof(FallbackOptions.Grace)}", options.SignUp.Grace, TimeSpan.Zero, Hour),
            ($"{nameof(options.Message)}:{nameof(FallbackOptions.Grace)}", options.Message.Grace, TimeSpan.Zero, Hour),
            (nameof(options.OutageRecovery), options.OutageRecovery, TimeSpan.FromSeconds(1), Hour),
            (Breaker(nameof(CircuitBreakerOptions.SamplingDuration)), options.CircuitBreaker.SamplingDuration, HalfASecond, TimeSpan.FromMinutes(10)),
            (Breaker(nameof(CircuitBreakerOptions.BreakDuration)), options.CircuitBreaker.BreakDuration, HalfASecond, Minute),
        ];
        foreach (var (key, found, least, most) in spans)
        {
            if (found < least || found > most)
            {
                yield return Fault(key, found, $"{least:c} to {most:c}");
            }
        }

        if (options.HedgingDelay != TimeSpan.Zero && (options.HedgingDelay < Millisecond || options.HedgingDelay > TimeSpan.FromSeconds(10)))
        {
            yield return Fault(nameof(options.HedgingDelay), options.HedgingDelay, "00:00:00 for never, and 00:00:00.0010000 to 00:00:10");
        }

        (string Key, Verdict Found)[] verdicts =
        [
            ($"{nameof(options.SignUp)}:{nameof(FallbackOptions.Verdict)}", options.SignUp.Verdict),
            ($"{nameof(options.SignUp)}:{nameof(FallbackOptions.VerdictAfterGrace)}", options.SignUp.VerdictAfterGrace),
            ($"{nameof(options.Message)}:{nameof(FallbackOptions.Verdict)}", options.Message.Verdict),
            ($"{nameof(options.Message)}:{nameof(FallbackOptions.VerdictAfterGrace)}", options.Message.VerdictAfterGrace),
        ];
        foreach (var (key, found) in verdicts)
        {
            if (found is < Verdict.Allow or > Verdict.Deny)
            {
                yield return Fault(key, found, "Allow, Challenge, Throttle and Deny");
            }
        }

        if (options.MaxRetryAttempts is < 0 or > 5)
        {
            yield return Fault(nameof(options.MaxRetryAttempts), options.MaxRetryAttempts, "0 to 5");
        }

        if (options.CircuitBreaker.FailureRatio is not (> 0 and <= 1))
        {
            yield return Fault(Breaker(nameof(CircuitBreakerOptions.FailureRatio)), options.CircuitBreaker.FailureRatio, "above 0 and up to 1");
        }

        if (options.CircuitBreaker.MinimumThroughput is < 2 or > 10_000)
        {
            yield return Fault(Breaker(nameof(CircuitBreakerOptions.MinimumThroughput)), options.CircuitBreaker.MinimumThroughput, "2 to 10000");
        }
    }

    // Of a dns: address host and port are in the path, which gRPC reads as it is read here.
    private static bool IsAPlace(Uri address) => address.Scheme switch
    {
        "http" or "https" => IsHostAndPort(address),
        "dns" => address is { Host: "", Query: "", Fragment: "" } && Uri.TryCreate($"tcp://{address.AbsolutePath.TrimStart('/')}", UriKind.Absolute, out var named) && IsHostAndPort(named),
        _ => false,
    };

    private static bool IsHostAndPort(Uri address) => address is { Host.Length: > 0, Port: > 0, UserInfo: "", PathAndQuery: "" or "/", Fragment: "" };

    // Before an @ and behind a ? or a # may stand what nobody is to read in a log.
    private static string? Shown(Uri? address) => address?.OriginalString is not { } text ? null
        : text.Contains('@', StringComparison.Ordinal) ? "a text with @, which is not shown"
        : text.IndexOfAny(['?', '#']) is var end and >= 0 ? text[..(end + 1)] + "…"
        : text;

    private static IEnumerable<string> TlsFaults(SpamGuardClientOptions options, Uri address)
    {
        var tls = options.Tls;
        if ((tls.CertificatePath is null) != (tls.KeyPath is null))
        {
            var (there, missing) = tls.KeyPath is null ? (nameof(tls.CertificatePath), nameof(tls.KeyPath)) : (nameof(tls.KeyPath), nameof(tls.CertificatePath));
            yield return $"{SpamGuardClientOptions.Section}:{nameof(options.Tls)}:{missing}: found nothing; allowed is a file, because {nameof(options.Tls)}:{there} is set.";
        }

        if (tls.IsSet && (address.Scheme is "http" || (address.Scheme is "dns" && options.Plaintext)))
        {
            yield return Fault(nameof(options.Address), $"{address.OriginalString}, which goes in the clear", $"https:// and dns:/// without {nameof(options.Plaintext)}, because {nameof(options.Tls)} is set");
        }

        if (options.Plaintext && address.Scheme is "https")
        {
            yield return Fault(nameof(options.Plaintext), options.Plaintext, "false for https://");
        }
    }

    private static string Breaker(string key) => $"{nameof(SpamGuardClientOptions.CircuitBreaker)}:{key}";

    private static string Fault(string key, object? found, string allowed) =>
        string.Create(CultureInfo.InvariantCulture, $"{SpamGuardClientOptions.Section}:{key}: found '{found}'; allowed are {allowed}.");
}
