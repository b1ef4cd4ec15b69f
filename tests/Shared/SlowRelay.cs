using System.Net;
using System.Net.Sockets;

namespace SpamGuard.Testing;

/// <summary>Stands between a server and its store and, when told to, hands answers on late.</summary>
internal sealed class SlowRelay : IAsyncDisposable
{
    private const int BufferSize = 16 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly EndPoint _store;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private long _delayTicks;

    private SlowRelay(EndPoint store)
    {
        _store = store;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>A relay on a free port of 127.0.0.1.</summary>
    public static SlowRelay To(EndPoint store) => new(store);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How late answers are.</summary>
    public TimeSpan Delay
    {
        get => TimeSpan.FromTicks(Volatile.Read(ref _delayTicks));
        set => Volatile.Write(ref _delayTicks, value.Ticks);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var server = await _listener.AcceptSocketAsync(_stop.Token);
            _ = RelayAsync(server);
        }
    }

    // A connection that ends on one side ends on the other: the server must see its store as it is.
    private async Task RelayAsync(Socket server)
    {
        using (server)
        using (var store = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            try
            {
                server.NoDelay = store.NoDelay = true;
                await store.ConnectAsync(_store, _stop.Token);
                await Task.WhenAny(CopyAsync(server, store, late: false), CopyAsync(store, server, late: true));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // nobody there, or the run is over
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to, bool late)
    {
        var buffer = new byte[BufferSize];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var length)
            {
                if (late && Delay > TimeSpan.Zero)
                {
                    await Task.Delay(Delay, TimeProvider.System, _stop.Token);
                }

                await to.SendAsync(buffer.AsMemory(0, length), _stop.Token);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // either side ended
        }
    }
}
