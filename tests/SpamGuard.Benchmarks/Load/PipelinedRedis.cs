using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using SpamGuard.Testing;

namespace SpamGuard.Benchmarks.Load;

/// <summary>A client that does nothing but send prepared commands and count replies, 16 in a packet, over a few connections in turn.</summary>
/// <remarks>Blocking sockets on the caller's thread: while it waits for one connection, Redis has the others' commands to work on.</remarks>
internal sealed class PipelinedRedis : IDisposable
{
    /// <summary>Commands in one packet.</summary>
    public const int Depth = 16;

    private const int Connections = 16;
    private const int ReceiveTimeoutMilliseconds = 10_000;
    private const int ReceiveBuffer = 64 * 1024;

    private readonly Connection[] _connections;
    private ulong _serial;

    public PipelinedRedis(EndPoint endpoint)
    {
        _connections = [.. Enumerable.Range(0, Connections).Select(_ => new Connection(endpoint))];
        var login = new CommandBook();
        login.Add([.. new[] { "AUTH", RedisAccount.Scorer.Name, RedisAccount.Scorer.Password }.Select(static text => (ReadOnlyMemory<byte>)System.Text.Encoding.ASCII.GetBytes(text))]);
        foreach (var connection in _connections)
        {
            connection.Send(login, [0], ref _serial);
            connection.Receive();
        }
    }

    /// <summary>Sends commands of the book in random order for a time.</summary>
    public Rate Run(CommandBook book, TimeSpan duration, CancellationToken cancellationToken)
    {
        var random = new Random(book.Count);
        return Run(book, _ => random.Next(book.Count), began => Stopwatch.GetElapsedTime(began) < duration, cancellationToken);
    }

    /// <summary>Sends every command of the book once.</summary>
    public Rate RunOnce(CommandBook book, CancellationToken cancellationToken)
    {
        var sent = 0;
        return Run(book, _ => Math.Min(sent++, book.Count - 1), _ => sent < book.Count, cancellationToken);
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }
    }

    private Rate Run(CommandBook book, Func<int, int> choose, Func<long, bool> goesOn, CancellationToken cancellationToken)
    {
        Span<int> chosen = stackalloc int[Depth];
        var answered = 0;
        var began = Stopwatch.GetTimestamp();
        for (var turn = 0; goesOn(began); turn++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var connection = _connections[turn % Connections];
            answered += connection.Receive();
            for (var i = 0; i < Depth; i++)
            {
                chosen[i] = choose(i);
            }

            connection.Send(book, chosen, ref _serial);
        }

        foreach (var connection in _connections)
        {
            answered += connection.Receive();
        }

        return new Rate(answered, Stopwatch.GetElapsedTime(began));
    }

    private sealed class Connection : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = ReceiveTimeoutMilliseconds,
        };

        private readonly byte[] _received = new byte[ReceiveBuffer];
        private byte[] _sent = [];
        private int _awaited;

        public Connection(EndPoint endpoint) => _socket.Connect(endpoint);

        public void Send(CommandBook book, ReadOnlySpan<int> commands, ref ulong serial)
        {
            if (_sent.Length < commands.Length * book.LongestLength)
            {
                _sent = new byte[commands.Length * book.LongestLength];
            }

            var length = 0;
            foreach (var command in commands)
            {
                length += book.Write(command, serial++, _sent.AsSpan(length));
            }

            _socket.Send(_sent.AsSpan(0, length));
            _awaited = commands.Length;
        }

        /// <summary>Waits for all replies to what was sent last; returns how many.</summary>
        public int Receive()
        {
            var (count, held) = (_awaited, 0);
            while (_awaited > 0)
            {
                held += ReceiveSome(held);
                var at = 0;
                while (_awaited > 0 && RedisReply.TryMeasure(_received.AsSpan(at, held - at), out var length, out var numbers))
                {
                    if (numbers != 0)
                    {
                        throw new BenchmarkException("An event was not counted: it was taken for a retry.");
                    }

                    at += length;
                    _awaited--;
                }

                _received.AsSpan(at, held - at).CopyTo(_received);
                held -= at;
            }

            return count;
        }

        public void Dispose() => _socket.Dispose();

        private int ReceiveSome(int held)
        {
            try
            {
                return _socket.Receive(_received.AsSpan(held)) is > 0 and var received ? received : throw new BenchmarkException("Redis closed the connection.");
            }
            catch (SocketException e)
            {
                throw new BenchmarkException($"Redis does not answer: {e.SocketErrorCode}.", e);
            }
        }
    }
}
