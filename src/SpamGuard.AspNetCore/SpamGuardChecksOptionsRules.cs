using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SpamGuard.Client;
using SpamGuard.V1;

namespace SpamGuard.AspNetCore;

/// <summary>What may be configured: all faults at once, each with what was found and what is allowed.</summary>
internal sealed class SpamGuardChecksOptionsRules(IServiceProviderIsService services) : IValidateOptions<SpamGuardChecksOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, SpamGuardChecksOptions options)
    {
        var faults = Faults(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private IEnumerable<string> Faults(SpamGuardChecksOptions options)
    {
        if (!services.IsService(typeof(ISpamGuardClient)))
        {
            yield return $"{nameof(ISpamGuardClient)}: found none; needed is one by services.AddSpamGuardClient(...).";
        }

        if (options.ChallengeLifetime < TimeSpan.FromSeconds(10) || options.ChallengeLifetime > TimeSpan.FromDays(1))
        {
            yield return Fault(nameof(options.ChallengeLifetime), options.ChallengeLifetime, "00:00:10 to 1.00:00:00");
        }

        if (options.MaxAnsweredChallenges is < 1_000 or > 1_000_000)
        {
            yield return Fault(nameof(options.MaxAnsweredChallenges), options.MaxAnsweredChallenges, "1000 to 1000000");
        }

        if (options.MaxClientsOfPrivateAddress is < 2 or > 1_000)
        {
            yield return Fault(nameof(options.MaxClientsOfPrivateAddress), options.MaxClientsOfPrivateAddress, "2 to 1000");
        }

        if (options.VerdictWithoutAddress is < Verdict.Allow or > Verdict.Deny)
        {
            yield return Fault(nameof(options.VerdictWithoutAddress), options.VerdictWithoutAddress, "Allow, Challenge, Throttle and Deny");
        }

        foreach (var (key, found) in new[] { (nameof(options.ChallengeField), options.ChallengeField), (nameof(options.ChallengeHeader), options.ChallengeHeader) })
        {
            if (found is not null && (found.Length == 0 || !found.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')))
            {
                yield return Fault(key, found, "nothing, and letters, digits, '-', '_' and '.'");
            }
        }

        if (options.VerifyChallenge is not null && options.ChallengeField is null && options.ChallengeHeader is null)
        {
            yield return Fault(nameof(options.ChallengeField), null, $"a name here or in {nameof(options.ChallengeHeader)}, because {nameof(options.VerifyChallenge)} is set");
        }

        if (options.OnChallenge is not null && options.VerifyChallenge is null)
        {
            yield return Fault(nameof(options.VerifyChallenge), null, $"a delegate, because {nameof(options.OnChallenge)} is set");
        }
    }

    private static string Fault(string key, object? found, string allowed) =>
        string.Create(CultureInfo.InvariantCulture, $"{SpamGuardChecksOptions.Section}:{key}: found '{found}'; allowed are {allowed}.");
}
