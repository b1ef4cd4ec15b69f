extern alias cli;

using cli::SpamGuard.Cli;
using SpamGuard.IntegrationTests.Processes;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Cli;

/// <summary><c>spamguard doctor</c> on a server whose policy is not all in force; and by a clock that is wrong.</summary>
public sealed class DoctorPolicyTests(DoctorPolicyTests.ShadowFixture server) : IClassFixture<DoctorPolicyTests.ShadowFixture>
{
    private const string Shadow = "defaults: {tags: {tor: {weight: 1.2}}}\nshadow: {sign_up: {thresholds: {challenge: .25}}}\n";

    private string Url => server.Url(Listener.Grpc);

    [Fact]
    public async Task Doctor_CandidateInShadowAndTagsWithoutFiles_WarnsOfBoth()
    {
        var run = await DoctorRun.SettledAsync(Url);

        Assert.Equal((ExitCodes.Ok, "warn", "warn"), (run.Code, run["policy"].State, run["tags"].State));
        Assert.Contains("a candidate is in shadow, and decides nothing", run["policy"].Found, StringComparison.Ordinal);
        Assert.Equal("named by the policy: tor; in the files: none", run["tags"].Found);
        Assert.Contains("Tags:Path", run["tags"].Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_NothingIsEnforcedOrTheFileIsRefused_SaysSo()
    {
        try
        {
            await ExchangeAsync("sign_up: {cap: ALLOW}\n", "sign_up up to ALLOW");
            var capped = await DoctorRun.SettledAsync(Url);
            await ExchangeAsync("sign_up: {cap: SOMETIMES}\n", "its file is refused");
            var refused = await DoctorRun.OfAsync(Url);

            Assert.Equal((ExitCodes.Ok, "warn"), (capped.Code, capped["policy"].State));
            Assert.Contains("raise cap of sign_up", capped["policy"].Fix, StringComparison.Ordinal);
            Assert.Equal((ExitCodes.VerificationFailed, "fail"), (refused.Code, refused["policy"].State));
            Assert.Contains("line 1 sign_up.cap", refused["policy"].Found, StringComparison.Ordinal);
        }
        finally
        {
            await ExchangeAsync(Shadow, "in shadow");
        }
    }

    [Fact]
    public async Task Doctor_ClockOfThisMachineIsWrong_FailsByIt()
    {
        var start = CommandLineProgram.Of("doctor", "--json", "--server", Url);

        var run = await CommandRun.OfAsync(
            [start.FileName, .. start.ArgumentList], variables: FakeTime.By(TimeSpan.FromMinutes(10)).Select(static variable => KeyValuePair.Create(variable.Name, (string?)variable.Value)));

        var doctor = DoctorRun.Of(run.ExitCode, run.Output, run.Errors);
        Assert.Equal((ExitCodes.VerificationFailed, "fail"), (doctor.Code, doctor["clock"].State));
        Assert.Matches("^the server's clock less that of this machine: -(598|599|600|601|602)[.][0-9] s", doctor["clock"].Found);
        Assert.Contains("NTP", doctor["clock"].Fix, StringComparison.Ordinal);
        Assert.Equal("ok", doctor["store_clock"].State);
    }

    [Fact]
    public async Task Doctor_NobodyThere_IsUnavailable()
    {
        var nobody = await DoctorRun.OfAsync("http://127.0.0.1:1");
        var nowhere = await DoctorRun.OfAsync("https://spamguard.invalid:5080");

        Assert.Equal((ExitCodes.Unavailable, ExitCodes.Unavailable), (nobody.Code, nowhere.Code));
        Assert.Equal(("fail", "port 1: ConnectionRefused"), (nobody["tcp"].State, nobody["tcp"].Found));
        Assert.Equal(("ok", "fail"), (nobody["dns"].State, nowhere["dns"].State));
        Assert.Equal("not looked at, because of dns", nowhere["tls"].Found);
    }

    private Task ExchangeAsync(string policy, string until)
    {
        server.Policy.Exchange(policy);
        return Poll.UntilAsync(async () => (await DoctorRun.OfAsync(Url))["policy"].Found.Contains(until, StringComparison.Ordinal)).DefaultTimeout();
    }

    public sealed class ShadowFixture : ServerFixture
    {
        public PolicyFileOnDisk Policy { get; } = new(Shadow);

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            Policy.Dispose();
        }

        protected override Task<IReadOnlyDictionary<string, string?>> SettingsAsync() =>
            Task.FromResult<IReadOnlyDictionary<string, string?>>(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Policy:Path"] = Policy.Path });
    }
}
