using Microsoft.Extensions.Options;

namespace SpamGuard.Server.Edge;

/// <summary>Refuses settings of proxies that can't work, or by which a client could choose its address.</summary>
internal sealed class EdgeOptionsRules : IValidateOptions<EdgeOptions>
{
    // What a client writes, in part at least, and Envoy passes on as it is; and what is never looked at.
    private static readonly string[] Unusable = ["x-forwarded-for", "x-real-ip", "forwarded", "cookie", "authorization"];

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, EdgeOptions options)
    {
        var faults = new List<string>();
        if (options.Envoy.AddressHeader is { Length: > 0 } header && !IsUsable(header))
        {
            faults.Add($"{EdgeOptions.AddressHeaderKey}: found '{header}'; allowed is the name of a header that Envoy itself sets to one address, such as x-envoy-external-address, and none of {string.Join(", ", Unusable)}.");
        }

        if (EnvoyChallenge.Parse(options.Envoy.Challenge) is null)
        {
            faults.Add($"{EdgeOptions.ChallengeKey}: found '{options.Envoy.Challenge}'; allowed are {EnvoyChallenge.Allowed}.");
        }

        TrustedProxies.Parse(options.Http.TrustedProxies, out var fault);
        if (fault is not null)
        {
            faults.Add($"{EdgeOptions.TrustedProxiesKey}: found '{fault}'; allowed are networks such as 10.0.0.0/8 (no bit set behind the length, which is 1 at least) and addresses, with commas between them.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static bool IsUsable(string header) =>
        header.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-') && !Unusable.Contains(header, StringComparer.OrdinalIgnoreCase);
}
