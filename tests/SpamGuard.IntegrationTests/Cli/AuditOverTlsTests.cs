extern alias cli;

using cli::SpamGuard.Cli;
using SpamGuard.Testing;
using Verbs = cli::SpamGuard.Cli.CommandLine;

namespace SpamGuard.IntegrationTests.Cli;

/// <summary><c>spamguard audit retention</c> on a Redis that speaks nothing but mutual TLS.</summary>
public sealed class AuditOverTlsTests(RedisTlsFixture redis) : IClassFixture<RedisTlsFixture>
{
    private readonly Dictionary<string, string?> _environment = new(StringComparer.Ordinal) { ["ConnectionStrings__Auditor"] = redis.ConnectionString(RedisAccount.Auditor) };

    [Fact]
    public async Task Audit_FilesByOptions_IsClean()
    {
        await redis.FlushAsync();

        var (code, output, errors) = await RunAsync(
            "--store-ca", redis.Authority.CaPath, "--store-cert", redis.Client.CertificatePath, "--store-key", redis.Client.KeyPath);

        Assert.Equal(ExitCodes.Ok, code);
        Assert.Contains($"server\t{redis.Endpoint}\tmaster\t0\t0\twhole", output, StringComparison.Ordinal);
        Assert.StartsWith("clean: ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_FilesByTheEnvironment_IsClean()
    {
        await redis.FlushAsync();
        foreach (var (key, value) in redis.Settings())
        {
            _environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        Assert.Equal(ExitCodes.Ok, (await RunAsync()).Code);
    }

    [Fact]
    public async Task Audit_KeyIsMissing_ExitsWithUsageAndNamesWhatWasGiven()
    {
        var (code, _, errors) = await RunAsync("--store-cert", redis.Client.CertificatePath);

        Assert.Equal(ExitCodes.Usage, code);
        Assert.StartsWith("Signals__Tls__KeyPath: found nothing, and --store-cert is set;", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_OfAnotherAuthority_ExitsWithUnavailableAndSaysWhy()
    {
        using var stranger = new TestAuthority("stranger");

        var (code, _, errors) = await RunAsync("--store-ca", stranger.CaPath);

        Assert.Equal(ExitCodes.Unavailable, code);
        Assert.Contains("No TLS to the store: the store's certificate is not from an authority", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_InTheOpenToAnotherMachine_ExitsWithUsageAndSendsNothing()
    {
        _environment["ConnectionStrings__Auditor"] = "redis.invalid:6379,user=auditor,password=never-shown";

        var (code, _, errors) = await RunAsync();

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Equal(
            "ConnectionStrings__Auditor: found no TLS to a server that is not on loopback; allowed are ssl=true, Signals__Tls__CaPath, "
            + "one server on loopback or a socket of this machine, and with --store-by-sidecar any.",
            errors.TrimEnd());
    }

    [Theory]
    [InlineData("--store-by-sidecar", null)]
    [InlineData("--json", "true")]
    public async Task Audit_InTheOpenThroughASidecar_WarnsOfIt(string option, string? variable)
    {
        _environment["ConnectionStrings__Auditor"] = "redis.invalid:6379,user=auditor,password=never-shown";
        _environment["Signals__Tls__BySidecar"] = variable;

        var (code, _, errors) = await RunAsync(option);

        Assert.Equal(ExitCodes.Unavailable, code);
        Assert.Contains("The store is, or may be, on another machine, and this process does not encrypt the way to it", errors, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(params string[] options)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var code = await Verbs.RunAsync(["audit", "retention", .. options], new Terminal(output, errors, _environment.GetValueOrDefault), CancellationToken.None).DefaultTimeout();
        return (code, output.ToString(), errors.ToString());
    }
}
