extern alias client;

using System.Net;
using client::SpamGuard.Client;
using client::SpamGuard.Client.Connections;
using client::SpamGuard.Client.Testing;
using client::SpamGuard.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Client;

/// <summary>A configuration or an event that can't be is refused, with what was found and what is allowed.</summary>
public sealed class ClientOptionsTests
{
    [Fact]
    public void Validate_EveryFault_IsNamedAtOnce()
    {
        var faults = Faults(static options =>
        {
            options.Address = new Uri("ftp://spamguard:5080");
            options.Timeout = TimeSpan.Zero;
            options.BatchTimeout = TimeSpan.FromHours(1);
            options.ReportTimeout = TimeSpan.FromSeconds(-1);
            options.DnsRefresh = TimeSpan.FromSeconds(1);
            options.HedgingDelay = TimeSpan.FromSeconds(11);
            options.MaxRetryAttempts = 6;
            options.SignUp.Grace = TimeSpan.FromDays(1);
            options.Message.Verdict = Verdict.Unspecified;
            options.CircuitBreaker.FailureRatio = double.NaN;
            options.CircuitBreaker.MinimumThroughput = 1;
            options.CircuitBreaker.BreakDuration = TimeSpan.Zero;
            options.CircuitBreaker.SamplingDuration = TimeSpan.Zero;
            options.Tls.ReloadInterval = TimeSpan.Zero;
        });

        Assert.Equal(14, faults.Count);
        Assert.Contains("SpamGuard:Address: found 'ftp://spamguard:5080'; allowed are https://host:port, http://host:port and dns:///host:port.", faults);
        Assert.Contains("SpamGuard:Timeout: found '00:00:00'; allowed are 00:00:00.0010000 to 00:00:10.", faults);
        Assert.Contains("SpamGuard:Message:Verdict: found 'Unspecified'; allowed are Allow, Challenge, Throttle and Deny.", faults);
        Assert.Contains("SpamGuard:CircuitBreaker:FailureRatio: found 'NaN'; allowed are above 0 and up to 1.", faults);
    }

    [Theory]
    [InlineData(null, false, null, null, "SpamGuard:Address: found ''")]
    [InlineData("spamguard:5080", false, null, null, "SpamGuard:Address: found 'spamguard:5080'")]
    [InlineData("http://spamguard:5080/api", false, null, null, "SpamGuard:Address: found 'http://spamguard:5080/api'; allowed are https://host:port, http://host:port and dns:///host:port.")]
    [InlineData("https://spamguard:5080?key=secret", false, null, null, "SpamGuard:Address: found 'https://spamguard:5080?…'")]
    [InlineData("https://spamguard:5080/#secret", false, null, null, "SpamGuard:Address: found 'https://spamguard:5080/#…'")]
    [InlineData("http://user:secret@spamguard:5080", false, null, null, "SpamGuard:Address: found 'a text with @, which is not shown'")]
    [InlineData("dns:///user:secret@spamguard:5080", false, null, null, "SpamGuard:Address: found 'a text with @, which is not shown'")]
    [InlineData("ftp://user:secret@spamguard:5080", false, null, null, "SpamGuard:Address: found 'a text with @, which is not shown'")]
    [InlineData("http://user:secret@spamguard:5080", true, "a.crt", "a.key", "SpamGuard:Address: found 'a text with @, which is not shown'")]
    [InlineData("dns:///spamguard", false, null, null, "SpamGuard:Address: found 'dns:///spamguard'")]
    [InlineData("dns:///spamguard:0", false, null, null, "SpamGuard:Address: found 'dns:///spamguard:0'")]
    [InlineData("dns:///spamguard:5080/api", false, null, null, "SpamGuard:Address: found 'dns:///spamguard:5080/api'")]
    [InlineData("dns:///spamguard:5080?key=secret", false, null, null, "SpamGuard:Address: found 'dns:///spamguard:5080?…'")]
    [InlineData("dns://spamguard:5080", false, null, null, "SpamGuard:Address: found 'dns://spamguard:5080'")]
    [InlineData("https://spamguard:5080", false, "a.crt", null, "SpamGuard:Tls:KeyPath: found nothing; allowed is a file, because Tls:CertificatePath is set.")]
    [InlineData("https://spamguard:5080", false, null, "a.key", "SpamGuard:Tls:CertificatePath: found nothing; allowed is a file, because Tls:KeyPath is set.")]
    [InlineData("http://spamguard:5080", false, "a.crt", "a.key", "SpamGuard:Address: found 'http://spamguard:5080, which goes in the clear'")]
    [InlineData("dns:///spamguard:5080", true, "a.crt", "a.key", "SpamGuard:Address: found 'dns:///spamguard:5080, which goes in the clear'")]
    [InlineData("https://spamguard:5080", true, null, null, "SpamGuard:Plaintext: found 'True'")]
    public void Validate_Address_MustFitItsCertificates(string? address, bool plaintext, string? certificate, string? key, string expected)
    {
        var fault = Assert.Single(Faults(options =>
        {
            options.Address = address is null ? null : new Uri(address, UriKind.RelativeOrAbsolute);
            options.Plaintext = plaintext;
            options.Tls.CertificatePath = certificate;
            options.Tls.KeyPath = key;
        }));

        Assert.StartsWith(expected, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://spamguard:5080/")]
    [InlineData("http://127.0.0.1:5080")]
    [InlineData("dns:///spamguard-headless.spamguard.svc:5080")]
    [InlineData("dns:///[::1]:5080")]
    public void Validate_AnAddressOfAHostAndAPort_IsTaken(string address) =>
        Assert.True(new SpamGuardClientOptionsRules().Validate(name: null, new SpamGuardClientOptions { Address = new Uri(address) }).Succeeded);

    [Fact]
    public async Task Start_WithAFileThatIsNotThere_IsRefusedByTheKey()
    {
        var refused = await Assert.ThrowsAsync<IOException>(() => ClientHost.StartAsync(static options =>
        {
            options.Address = new Uri("https://127.0.0.1:5080");
            options.Tls.CaPath = "/nowhere/ca.crt";
        }));

        Assert.Equal("SpamGuard:Tls:CaPath: found '/nowhere/ca.crt', which can't be read; allowed is a file in PEM.", refused.Message);
    }

    [Fact]
    public async Task Start_WithAFileThatIsNotThereAndTheRealOneWrapped_IsRefusedAllTheSame() => await Assert.ThrowsAsync<IOException>(() => ClientHost.StartAsync(
        static options =>
        {
            options.Address = new Uri("https://127.0.0.1:5080");
            options.Tls.CaPath = "/nowhere/ca.crt";
        },
        behind: static services =>
        {
            var type = services.Single(static service => service.ServiceType == typeof(ISpamGuardClient)).ImplementationType!;
            services.AddSingleton<ISpamGuardClient>(provider =>
            {
                var real = (ISpamGuardClient)ActivatorUtilities.CreateInstance(provider, type);
                return new FakeSpamGuardClient { Answer = spamEvent => real.ScoreAsync(spamEvent).Result };
            });
        }));

    [Theory]
    [InlineData("https://127.0.0.1:1", "/nowhere/ca.crt")]
    [InlineData("http://127.0.0.1:1", null)] // nobody listens there, which the real one waits for
    public async Task Start_WithAnotherInItsPlace_ReadsNoFileAndConnectsToNobody(string address, string? ca)
    {
        var fake = new FakeSpamGuardClient();
        await using var host = await ClientHost.StartAsync(
            options =>
            {
                options.Address = new Uri(address);
                options.Tls.CaPath = ca;
            },
            behind: services => services.AddSingleton<ISpamGuardClient>(fake));

        Assert.Same(fake, host.Client);
        Assert.DoesNotContain("SpamGuard at ", host.Log.AllText, StringComparison.Ordinal); // that it could not be asked
    }

    [Fact]
    public async Task Start_WithOneOfAScopeInItsPlace_TakesItFromAScope()
    {
        await using var services = new ServiceCollection()
            .AddSpamGuardClient(static options => options.Address = new Uri("http://127.0.0.1:1"))
            .AddScoped<ISpamGuardClient>(static _ => new FakeSpamGuardClient())
            .BuildServiceProvider(validateScopes: true);

        await Assert.Single(services.GetServices<IHostedService>().OfType<WarmUp>()).StartAsync(CancellationToken.None).DefaultTimeout();
    }

    [Fact]
    public async Task Start_Unconfigured_IsRefused()
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => ClientHost.StartAsync(static _ => { }));

        Assert.Contains("SpamGuard:Address", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Event_ThatCannotBe_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(static () => new SpamGuardEvent(EventKind.Unspecified, IPAddress.Loopback));
        Assert.Throws<ArgumentNullException>(static () => SpamGuardEvent.SignUp(null!));
        Assert.Throws<ArgumentException>("account", static () => SpamGuardEvent.SignUp(IPAddress.Loopback, new string('ä', 129)));
        Assert.Throws<ArgumentException>("content", static () => SpamGuardEvent.Message(IPAddress.Loopback, null, new string('a', 257)));
        Assert.Equal(new string('ä', 128), SpamGuardEvent.SignUp(IPAddress.Loopback, new string('ä', 128)).Account);
    }

    private static List<string> Faults(Action<SpamGuardClientOptions> configure)
    {
        using var services = new ServiceCollection().AddSpamGuardClient(configure).BuildServiceProvider();
        return [.. Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<SpamGuardClientOptions>>().Value).Failures];
    }
}
