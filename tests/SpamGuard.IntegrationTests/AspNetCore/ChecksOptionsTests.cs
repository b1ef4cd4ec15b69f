extern alias client;

using System.Globalization;
using client::SpamGuard.Client;
using client::SpamGuard.Client.Testing;
using client::SpamGuard.V1;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SpamGuard.AspNetCore;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.AspNetCore;

/// <summary>A configuration that can't be is refused at the start, and the guide's table is the code's.</summary>
public sealed class ChecksOptionsTests
{
    [Fact]
    public void Table_OfTheGuide_IsThatOfTheOptions()
    {
        var readme = File.ReadAllText(Path.Combine(RepositoryRoot.Folder, "src", "SpamGuard.AspNetCore", "README.md"));
        var rows = readme.Split("## Options\n")[1].Split("\n## ")[0].Split('\n').Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(static line => line.Split('|', StringSplitOptions.TrimEntries)).ToDictionary(static cells => cells[1].Trim('`'), static cells => cells[2], StringComparer.Ordinal);
        var options = new SpamGuardChecksOptions();

        Assert.Equal(typeof(SpamGuardChecksOptions).GetProperties().Select(static property => property.Name).Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        foreach (var property in typeof(SpamGuardChecksOptions).GetProperties())
        {
            var stated = property.GetValue(options) switch
            {
                null => string.Empty,
                TimeSpan span => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes} min"),
                bool flag => flag ? "`true`" : "`false`",
                int number => number.ToString("N0", CultureInfo.InvariantCulture),
                var other => $"`{other}`",
            };
            Assert.Equal((property.Name, stated), (property.Name, rows[property.Name]));
        }
    }

    [Fact]
    public void Instruments_OfTheGuide_AreThoseThatThereAre()
    {
        var readme = File.ReadAllText(Path.Combine(RepositoryRoot.Folder, "src", "SpamGuard.AspNetCore", "README.md"));
        var code = File.ReadAllText(Path.Combine(RepositoryRoot.Folder, "src", "SpamGuard.AspNetCore", "Checks", "CheckMetrics.cs"));
        static IEnumerable<string> Names(string text, char quote) => text.Split(quote).Where(static part => part.StartsWith("spamguard.aspnetcore.", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

        Assert.Equal(3, Names(code, '"').Count());
        Assert.Equal(Names(code, '"'), Names(readme, '`'));
    }

    [Fact]
    public void Validate_EveryFault_IsNamedAtOnce()
    {
        var faults = Faults(static services => services.AddSingleton<ISpamGuardClient>(new FakeSpamGuardClient()), static options =>
        {
            options.ChallengeLifetime = TimeSpan.FromSeconds(9);
            options.MaxAnsweredChallenges = 999;
            options.MaxClientsOfPrivateAddress = 1;
            options.VerdictWithoutAddress = Verdict.Unspecified;
            options.ChallengeField = "a b";
            options.ChallengeHeader = string.Empty;
            options.OnChallenge = static _ => ValueTask.FromResult<IResult>(TypedResults.Ok());
        });

        Assert.Equal(
            [
                "SpamGuard:Checks:ChallengeLifetime: found '00:00:09'; allowed are 00:00:10 to 1.00:00:00.",
                "SpamGuard:Checks:MaxAnsweredChallenges: found '999'; allowed are 1000 to 1000000.",
                "SpamGuard:Checks:MaxClientsOfPrivateAddress: found '1'; allowed are 2 to 1000.",
                "SpamGuard:Checks:VerdictWithoutAddress: found 'Unspecified'; allowed are Allow, Challenge, Throttle and Deny.",
                "SpamGuard:Checks:ChallengeField: found 'a b'; allowed are nothing, and letters, digits, '-', '_' and '.'.",
                "SpamGuard:Checks:ChallengeHeader: found ''; allowed are nothing, and letters, digits, '-', '_' and '.'.",
                "SpamGuard:Checks:VerifyChallenge: found ''; allowed are a delegate, because OnChallenge is set.",
            ],
            faults);
    }

    [Fact]
    public void Validate_AProofThatNothingCarries_IsRefused()
    {
        var fault = Assert.Single(Faults(static services => services.AddSingleton<ISpamGuardClient>(new FakeSpamGuardClient()), static options =>
        {
            options.VerifyChallenge = static _ => ValueTask.FromResult(true);
            (options.ChallengeField, options.ChallengeHeader) = (null, null);
        }));

        Assert.Equal("SpamGuard:Checks:ChallengeField: found ''; allowed are a name here or in ChallengeHeader, because VerifyChallenge is set.", fault);
    }

    [Fact]
    public async Task Start_WithoutAClient_SaysWhatIsMissing()
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => CheckedApp.StartAsync(static _ => { }));

        Assert.Contains("ISpamGuardClient: found none; needed is one by services.AddSpamGuardClient(...).", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithAFault_IsRefusedInOneLine()
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => CheckedApp.StartAsync(CheckedApp.Of(new FakeSpamGuardClient()), static options => options.MaxAnsweredChallenges = 0));

        Assert.Equal("SpamGuard:Checks:MaxAnsweredChallenges: found '0'; allowed are 1000 to 1000000.", refused.Message);
    }

    [Fact]
    public void Attribute_OfNoKind_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(static () => new RequireSpamGuardAttribute(EventKind.Unspecified));

    private static IEnumerable<string> Faults(Action<IServiceCollection> services, Action<SpamGuardChecksOptions> configure)
    {
        var all = new ServiceCollection();
        services(all);
        using var provider = all.AddSpamGuardChecks(configure).BuildServiceProvider();
        return Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<SpamGuardChecksOptions>>().Value).Failures;
    }
}
