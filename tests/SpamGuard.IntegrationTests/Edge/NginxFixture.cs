using Google.Protobuf.WellKnownTypes;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Edge;

/// <summary>A server that believes nginx, which stands before it, and an operator's word on three clients, so that their verdicts are known.</summary>
public sealed class NginxFixture : IAsyncLifetime
{
    /// <summary>Clients: each an address of loopback in a region of its own.</summary>
    public const string Stranger = "127.11.0.1", Challenged = "127.12.0.1", Throttled = "127.13.0.1", Denied = "127.14.0.1";

    private NginxProcess? _nginx;

    /// <summary>Where clients come to.</summary>
    public Uri Url => _nginx!.Url;

    /// <summary>SpamGuard.</summary>
    public ServerFixture Server { get; } = new BelievingServer();

    /// <summary>Where it is asked.</summary>
    public int Port => new Uri(Server.Url(Listener.Http)).Port;

    public async Task InitializeAsync()
    {
        await Server.InitializeAsync();
        _nginx = await NginxProcess.StartAsync(Port);
        var overrides = new OverrideService.OverrideServiceClient(Server.Channel);
        foreach (var (client, verdict) in ((string, Verdict)[])[(Challenged, Verdict.Challenge), (Throttled, Verdict.Throttle), (Denied, Verdict.Deny)])
        {
            await overrides.SetAsync(new OverrideServiceSetRequest { Address = client, Verdict = verdict, Reason = "a trial", Ttl = Duration.FromTimeSpan(TimeSpan.FromHours(1)) })
                .ResponseAsync.DefaultTimeout();
            await Poll.UntilAsync(async () =>
            {
                var answer = await Server.Scoring.PreviewAsync(new PreviewRequest { Event = new Event { Kind = EventKind.SignUp, Address = client } }).ResponseAsync.DefaultTimeout();
                return answer.Assessment.Verdict == verdict;
            }).DefaultTimeout();
        }
    }

    public async Task DisposeAsync()
    {
        if (_nginx is not null)
        {
            await _nginx.DisposeAsync();
        }

        await Server.DisposeAsync();
    }

    private sealed class BelievingServer : ServerFixture
    {
        protected override Task<IReadOnlyDictionary<string, string?>> SettingsAsync() => Task.FromResult<IReadOnlyDictionary<string, string?>>(
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["Edge:Http:TrustedProxies"] = "127.0.0.1" });
    }
}
