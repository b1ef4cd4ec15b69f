using System.Collections.Concurrent;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Deployment.Rolling;

/// <summary>Operators who set overrides at the desk and list them, each over a connection of its own, and repeat no call that failed.</summary>
internal sealed class OperatorLoad : IAsyncDisposable
{
    private const int Addresses = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _operators;
    private readonly string _network;
    private int _address;

    /// <summary>Starts it.</summary>
    /// <param name="channels">The operators'.</param>
    /// <param name="network">The first three bytes of the addresses that they speak of, <c>a.b.c</c>.</param>
    public OperatorLoad(IEnumerable<GrpcChannel> channels, string network)
    {
        _network = network;
        _operators = [.. channels.Select(channel => CallAsync(new OverrideService.OverrideServiceClient(channel)))];
    }

    /// <summary>The ids of the overrides that were answered as set.</summary>
    public ConcurrentQueue<string> Set { get; } = new();

    /// <summary>Calls that were not answered.</summary>
    public ConcurrentQueue<Status> Failures { get; } = new();

    /// <summary>Waits until so many more overrides are set.</summary>
    public async Task GoOnAsync(int overrides)
    {
        var enough = Set.Count + overrides;
        await Poll.UntilAsync(() => Task.FromResult(Set.Count >= enough)).DefaultTimeout();
    }

    /// <summary>Ends it, once every call that was begun has its answer.</summary>
    public async Task EndAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_operators).DefaultTimeout();
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _stop.Dispose();
    }

    private async Task CallAsync(OverrideService.OverrideServiceClient overrides)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var deadline = TimeProvider.System.GetUtcNow().UtcDateTime + CallLimit;
                var address = string.Create(CultureInfo.InvariantCulture, $"{_network}.{Interlocked.Increment(ref _address) % Addresses}");
                var set = await overrides.SetAsync(
                    new OverrideServiceSetRequest { Address = address, Verdict = Verdict.Challenge, Reason = "an ordinary day", Ttl = new Duration { Seconds = 600 } }, deadline: deadline);
                Set.Enqueue(set.Id);
                await overrides.ListAsync(new OverrideServiceListRequest(), deadline: deadline);
            }
            catch (RpcException e)
            {
                Failures.Enqueue(e.Status);
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }
}
