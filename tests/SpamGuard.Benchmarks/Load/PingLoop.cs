using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using HdrHistogram;
using SpamGuard.Testing;

namespace SpamGuard.Benchmarks.Load;

/// <summary>Sends PING over a connection and from a thread of its own, a millisecond after each answer, and keeps how long each took.</summary>
internal sealed class PingLoop(EndPoint endpoint)
{
    private const long LongestMicroseconds = 60_000_000;
    private const int Digits = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);
    private static readonly byte[] Ping = "PING\r\n"u8.ToArray();

    /// <summary>Runs until <paramref name="goesOn"/> says no; returns latencies in microseconds.</summary>
    public Task<LongHistogram> RunAsync(Func<bool> goesOn, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(() => Run(goesOn, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private LongHistogram Run(Func<bool> goesOn, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(endpoint);
        var login = string.Create(CultureInfo.InvariantCulture, $"AUTH {RedisAccount.Scorer.Name} {RedisAccount.Scorer.Password}\r\n");
        var answer = new byte[256];
        Ask(socket, Encoding.ASCII.GetBytes(login), answer);
        var latencies = new LongHistogram(1, LongestMicroseconds, Digits);
        while (goesOn())
        {
            cancellationToken.WaitHandle.WaitOne(Pause);
            cancellationToken.ThrowIfCancellationRequested();
            var began = Stopwatch.GetTimestamp();
            Ask(socket, Ping, answer);
            latencies.RecordValue(Math.Max(1, (long)Stopwatch.GetElapsedTime(began).TotalMicroseconds));
        }

        return latencies;
    }

    private static void Ask(Socket socket, byte[] command, byte[] answer)
    {
        socket.Send(command);
        if (socket.Receive(answer) == 0 || answer[0] != (byte)'+')
        {
            throw new BenchmarkException("Redis did not answer PING.");
        }
    }
}
