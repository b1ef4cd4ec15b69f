using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SpamGuard.Server;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Callers;

/// <summary>Nothing takes a call before callers can be told apart: what stops the start, line by line.</summary>
public sealed class CallerStartTests : IDisposable
{
    private const string Certificate = "the path of a PEM file with the server's certificate, and behind it those between it and its authority";
    private const string Key = "the path of a PEM file with the private key of that certificate, without a password";
    private const string Ca = "the path of a PEM file with the certificates of the authorities that vouch for clients, a self-signed one among them";
    private const string Loopback = "loopback addresses, such as 127.0.0.1 and ::1";

    private readonly TestCallers _mounted = new($"callers: {{web: {{identities: [spiffe://example.org/web], roles: [scorer]}}}}\n");
    private readonly string _pepper = Path.GetTempFileName();
    private readonly LogCapture _logs = new();

    public CallerStartTests() => File.WriteAllBytes(_pepper, Enumerable.Range(1, 32).Select(i => (byte)i).ToArray());

    public void Dispose()
    {
        _mounted.Dispose();
        _logs.Dispose();
        File.Delete(_pepper);
    }

    [Fact]
    public async Task Production_WithoutCertificates_IsRefusedWithALineForEachKey() => Assert.Equal(
        [
            "Callers:Path: found nothing; allowed is the path of a YAML file of callers.",
            $"Tls:CertificatePath: found nothing; allowed is {Certificate}.",
            $"Tls:ClientCaPath: found nothing; allowed is {Ca}.",
            $"Tls:KeyPath: found nothing; allowed is {Key}.",
        ],
        await RefusedAsync("Production"));

    [Fact]
    public async Task Production_WithCertificates_Starts()
    {
        await using var app = await BuildAsync("Production", _mounted.Settings);
        await app.StartAsync().DefaultTimeout();

        var listeners = app.Services.GetRequiredService<BoundListeners>();
        Assert.Equal((true, true, false), (listeners.IsTls(Listener.Grpc), listeners.IsTls(Listener.Http), listeners.IsBound(Listener.Sidecar)));
        Assert.Contains(_logs.Logs, log => log.Event.Name == "Listening" && log.Message.StartsWith($"Listening: gRPC on https://{listeners.Authority(Listener.Grpc)}, JSON on https://", StringComparison.Ordinal));
        await app.StopAsync().DefaultTimeout();
    }

    [Fact]
    public async Task Production_WithASidecarOnly_OpensNoPortForOthers()
    {
        await using var app = await BuildAsync("Production", new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Listeners:Sidecar:Port"] = "0", ["Listeners:Address"] = "0.0.0.0", ["Listeners:Sidecar:Address"] = "127.0.0.1", ["Callers:Path"] = _mounted.PathOf("callers.yaml"),
        });
        await app.StartAsync().DefaultTimeout();

        var listeners = app.Services.GetRequiredService<BoundListeners>();
        Assert.Equal(
            [Listener.Metrics, Listener.Health, Listener.Sidecar], Enum.GetValues<Listener>().Where(listeners.IsBound));
        await app.StopAsync().DefaultTimeout();
    }

    [Theory]
    [InlineData("Listeners:Address", "0.0.0.0", "Listeners:Address: found '0.0.0.0' without certificates; allowed are " + Loopback + ", and with Tls:CertificatePath any.")]
    [InlineData("Listeners:Grpc:Address", "::", "Listeners:Grpc:Address: found '::' without certificates; allowed are " + Loopback + ", and with Tls:CertificatePath any.")]
    [InlineData("Listeners:Http:Address", "192.0.2.1", "Listeners:Http:Address: found '192.0.2.1' without certificates; allowed are " + Loopback + ", and with Tls:CertificatePath any.")]
    public async Task Development_WithoutCertificatesBeyondLoopback_IsRefused(string key, string value, string line) =>
        Assert.Equal([line], await RefusedAsync("Development", (key, value)));

    [Fact]
    public async Task Development_WithCertificatesBeyondLoopback_Starts()
    {
        await using var app = await BuildAsync("Development", new Dictionary<string, string?>(_mounted.Settings, StringComparer.Ordinal) { ["Listeners:Address"] = "0.0.0.0" });

        Assert.NotNull(app);
    }

    [Fact]
    public async Task Sidecar_BeyondLoopback_IsRefused() => Assert.Equal(
        [$"Listeners:Sidecar:Address: found '0.0.0.0' for a sidecar; allowed are {Loopback}."],
        await RefusedAsync("Production", ("Listeners:Sidecar:Port", "0"), ("Listeners:Sidecar:Address", "0.0.0.0"), ("Callers:Path", _mounted.PathOf("callers.yaml"))));

    [Fact]
    public async Task Sidecar_WithoutCallers_IsRefused() => Assert.Equal(
        ["Callers:Path: found nothing; allowed is the path of a YAML file of callers."], await RefusedAsync("Development", ("Listeners:Sidecar:Port", "0")));

    [Fact]
    public async Task Callers_WithNothingThatTellsThemApart_AreRefused() => Assert.Equal(
        [
            $"Callers:Path: found '{_mounted.PathOf("callers.yaml")}', and nothing that tells callers apart; "
            + "allowed is a file of callers with Tls:CertificatePath or Listeners:Sidecar:Port.",
        ],
        await RefusedAsync("Development", ("Callers:Path", _mounted.PathOf("callers.yaml"))));

    [Fact]
    public async Task Certificates_InPart_AreRefused() => Assert.Equal(
        ["Callers:Path: found nothing; allowed is the path of a YAML file of callers.", $"Tls:ClientCaPath: found nothing; allowed is {Ca}.", $"Tls:KeyPath: found nothing; allowed is {Key}."],
        await RefusedAsync("Development", ("Tls:CertificatePath", _mounted.PathOf("server.crt"))));

    [Fact]
    public async Task Files_ThatCantBeUsed_AreALineEach()
    {
        _mounted.Exchange("server.crt", "nothing");
        _mounted.Exchange("server.key", await File.ReadAllTextAsync(_mounted.Authority.Server("other").KeyPath));
        _mounted.Exchange("ca.crt", await File.ReadAllTextAsync(_mounted.Client("web.example.org").CertificatePath));
        _mounted.Exchange("callers.yaml", "callers:\n  web: {identities: [spiffe://example.org/web], roles: [scorer], quota: 1}\n");
        File.Delete(_mounted.PathOf("denied.txt"));

        Assert.Equal(
            [
                $"Callers:DeniedPath: {_mounted.PathOf("denied.txt")}: found no file; allowed is the path of a file of denied certificates.",
                $"Callers:Path: {_mounted.PathOf("callers.yaml")}: line 2: callers.web.quota: is no such key; allowed are identities, roles, purposes, quotas.",
                $"Tls:CertificatePath: found '{_mounted.PathOf("server.crt")}', no certificate in PEM; allowed is {Certificate}.",
                $"Tls:ClientCaPath: found '{_mounted.PathOf("ca.crt")}', no certificate that is signed by itself; allowed is {Ca}.",
            ],
            await RefusedAsync("Production", [.. _mounted.Settings.Select(pair => (pair.Key, pair.Value))]));
    }

    [Fact]
    public async Task Files_KeyOfAnotherCertificate_IsRefused()
    {
        _mounted.Exchange("server.key", await File.ReadAllTextAsync(_mounted.Authority.Server("other").KeyPath));

        Assert.Equal(
            [$"Tls:KeyPath: found '{_mounted.PathOf("server.key")}', a key that does not fit the certificate; allowed is {Key}."],
            await RefusedAsync("Production", [.. _mounted.Settings.Select(pair => (pair.Key, pair.Value))]));
    }

    private Task<WebApplication> BuildAsync(string environment, IReadOnlyDictionary<string, string?> settings)
    {
        var all = new Dictionary<string, string?>(settings, StringComparer.Ordinal) { ["ConnectionStrings:Signals"] = "127.0.0.1:1", ["Pepper:Path"] = _pepper, ["Drain:Delay"] = "00:00:00" };
        return SpamGuardServer.BuildAsync(ServerFixture.Builder(_logs, all, environment));
    }

    private async Task<IReadOnlyList<string>> RefusedAsync(string environment, params (string Key, string? Value)[] settings)
    {
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => BuildAsync(environment, settings.ToDictionary(pair => pair.Key, pair => pair.Value)));
        Assert.True(StartFaults.TryDescribe(refusal, out var faults), refusal.ToString());
        return [.. faults.Order(StringComparer.Ordinal)];
    }
}
