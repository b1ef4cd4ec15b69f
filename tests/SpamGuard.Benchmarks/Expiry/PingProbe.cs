using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using SpamGuard.Testing;

namespace SpamGuard.Benchmarks.Expiry;

/// <summary>Asks Redis for a PONG again and again, and keeps how long each took.</summary>
/// <remarks>A blocking socket on the caller's thread: what a driver adds is not what is measured.</remarks>
internal sealed class PingProbe : IDisposable
{
    private const int ReceiveTimeoutMilliseconds = 10_000;
    private static readonly byte[] Ping = "*1\r\n$4\r\nPING\r\n"u8.ToArray();
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
        ReceiveTimeout = ReceiveTimeoutMilliseconds,
    };

    private readonly byte[] _received = new byte[256];

    public PingProbe(EndPoint endpoint)
    {
        _socket.Connect(endpoint);
        Call(Encoding.ASCII.GetBytes($"AUTH {RedisAccount.Scorer.Name} {RedisAccount.Scorer.Password}\r\n"));
    }

    /// <summary>Asks for a time, a thousand times a second at the most. The times of the answers, in ascending order.</summary>
    public List<TimeSpan> Run(TimeSpan duration, Func<bool> isOver, CancellationToken cancellationToken)
    {
        var times = new List<TimeSpan>();
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < duration && !isOver();)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var asked = Stopwatch.GetTimestamp();
            Call(Ping);
            times.Add(Stopwatch.GetElapsedTime(asked));
            cancellationToken.WaitHandle.WaitOne(Pause);
        }

        times.Sort();
        return times;
    }

    public void Dispose() => _socket.Dispose();

    private void Call(byte[] command)
    {
        _socket.Send(command);
        var length = _socket.Receive(_received);
        if (length == 0 || _received[0] != '+')
        {
            throw new BenchmarkException("Redis does not answer as it should.");
        }
    }
}
