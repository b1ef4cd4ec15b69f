using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;
using SpamGuard.Server.Callers;
using SpamGuard.Server.Callers.Files;
using SpamGuard.Server.Callers.Peers;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Callers;

/// <summary>A connection outlives what was true when it began: time and settings are looked at with every call.</summary>
public sealed class CertificatePeerTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void Admit_WhileTimePasses_BeginsAndEndsWithTheCertificate()
    {
        var now = _time.GetUtcNow();
        var peer = Peer(new LiveCallers(Settings()), _authority.Client(["web.example.org"], notBefore: now.AddMinutes(10), notAfter: now.AddMinutes(20)));

        Assert.Equal(Refusal.CertificateNotYetValid, Admit(peer).Refusal);
        _time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal("web", Admit(peer).Caller?.Name);
        Assert.Same(Admit(peer), Admit(peer)); // judged once
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(Refusal.CertificateExpired, Admit(peer).Refusal);
    }

    [Fact]
    public void Admit_CertificateWithoutAnEnd_IsTheCallers()
    {
        var endless = new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero);
        using var stranger = new TestAuthority();
        var live = new LiveCallers(Settings());

        Assert.Equal(Refusal.CertificateUntrusted, Admit(Peer(live, stranger.Client(["web.example.org"], notAfter: endless))).Refusal);
        Assert.Equal("web", Admit(Peer(live, _authority.Client(["web.example.org"], notAfter: endless))).Caller?.Name);
    }

    [Fact]
    public void Admit_AfterAChangeOfSettings_IsByTheNewOnes()
    {
        var live = new LiveCallers(Settings());
        var certificate = _authority.Client(["web.example.org"]);
        var peer = Peer(live, certificate);
        Assert.NotNull(Admit(peer).Caller);

        live.Change(settings => settings with { Denied = DenyList.Read(System.Text.Encoding.UTF8.GetBytes($"serial {certificate.Serial}"), out _) });
        Assert.Equal(Refusal.CertificateDenied, Admit(peer).Refusal);

        live.Change(settings => settings with { Denied = DenyList.Empty, Callers = CallerDirectory.Empty });
        Assert.Equal(Refusal.CallerUnknown, Admit(peer).Refusal);
    }

    [Fact]
    public async Task Stream_CertificateIsOver_IsEndedWhileOthersStayOpen()
    {
        var live = new LiveCallers(Settings());
        var (peer, other) = (Peer(live, _authority.Client(["web.example.org"], notAfter: _time.GetUtcNow().AddMinutes(10))), Peer(live, _authority.Client(["web.example.org"])));
        var (reset, otherReset, over, method) = (new Reset(), new Reset(), new TaskCompletionSource(), GatedMethod.Of("/grpc.health.v1.Health/Watch", isJson: false, isStream: true));
        using var streams = new OpenStreams(new CallerMetrics(Prometheus.Metrics.WithCustomRegistry(Prometheus.Metrics.NewCustomRegistry())), _time);
        await streams.StartAsync(CancellationToken.None);
        Task[] serving = [streams.ServeAsync(Context(reset), peer, method, _ => over.Task), streams.ServeAsync(Context(otherReset), other, method, _ => over.Task)];

        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.Null(reset.Code);
        await Poll.UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            return Task.FromResult(reset.Code is not null);
        }).DefaultTimeout();
        Assert.Equal((0xC, null), (reset.Code, otherReset.Code));
        over.SetResult();
        await Task.WhenAll(serving).DefaultTimeout();
        await streams.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Mounted_TurnedAsAVolume_ChangesCertificateAndKeyInOneStep()
    {
        var volume = Directory.CreateDirectory(Path.Combine(_authority.Folder, "volume")).FullName;
        var (first, second) = (_authority.Server("first"), _authority.Server("second"));
        foreach (var (name, certificate) in (ReadOnlySpan<(string, TestCertificate)>)[("..1", first), ("..2", second)])
        {
            var data = Directory.CreateDirectory(Path.Combine(volume, name)).FullName;
            File.Copy(certificate.CertificatePath, Path.Combine(data, "tls.crt"));
            File.Copy(certificate.KeyPath, Path.Combine(data, "tls.key"));
            File.Copy(_authority.CaPath, Path.Combine(data, "ca.crt"));

            // Made in one tick of the file system's clock they would look alike; those of a real volume are days apart.
            File.SetLastWriteTimeUtc(Path.Combine(data, "tls.crt"), name is "..1" ? DateTime.UnixEpoch : DateTime.UnixEpoch.AddDays(60));
        }

        Directory.CreateSymbolicLink(Path.Combine(volume, "..data"), "..1");
        foreach (var name in (string[])["tls.crt", "tls.key", "ca.crt"])
        {
            File.CreateSymbolicLink(Path.Combine(volume, name), Path.Combine("..data", name));
        }

        var options = new TlsOptions { CertificatePath = Path.Combine(volume, "tls.crt"), KeyPath = Path.Combine(volume, "tls.key"), ClientCaPath = Path.Combine(volume, "ca.crt") };
        var reading = CallerReadings.Of(options, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<FileWatch>.Instance)!;
        Assert.Equal(first.Serial, reading.Value!.Server.TargetCertificate.SerialNumber);
        var turned = new TaskCompletionSource<TlsMaterial>();
        using var stop = new CancellationTokenSource();
        var running = reading.RunAsync(turned.SetResult, faults => turned.SetException(new InvalidOperationException(string.Join(' ', faults))), stop.Token);

        ProjectedVolume.Turn(volume, "..2");
        var material = await turned.Task.DefaultTimeout();
        await stop.CancelAsync();
        await running.DefaultTimeout();

        Assert.Equal(second.Serial, material.Server.TargetCertificate.SerialNumber);
    }

    private static DefaultHttpContext Context(Reset reset)
    {
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpResetFeature>(reset);
        return context;
    }

    private static Admission Admit(CertificatePeer peer) => peer.Admit(new HeaderDictionary());

    private CertificatePeer Peer(LiveCallers live, TestCertificate certificate)
    {
        var peer = new CertificatePeer(live, _time);
        using var loaded = certificate.Load();
        peer.Present(loaded, chain: null);
        return peer;
    }

    private CallerSettings Settings()
    {
        var server = _authority.Server();
        var options = new TlsOptions { CertificatePath = server.CertificatePath, KeyPath = server.KeyPath, ClientCaPath = _authority.CaPath };
        var reading = CallerReadings.Of(options, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<FileWatch>.Instance)!;
        CallerEntry web = new("web", ["web.example.org"], CallerRoles.Scorer, [], new Dictionary<QuotaClass, Quota>());
        return new CallerSettings(new CallerDirectory([web], before: null), DenyList.Empty, reading.Value);
    }

    private sealed class Reset : IHttpResetFeature
    {
        public int? Code { get; private set; }

        void IHttpResetFeature.Reset(int errorCode) => Code = errorCode;
    }
}
