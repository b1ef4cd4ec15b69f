using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using StackExchange.Redis;

namespace SpamGuard.Testing.Privacy;

/// <summary>Every command that the store is sent, with all arguments, scripts' inner ones too: MONITOR, on a socket of its own.</summary>
/// <param name="endpoint">host:port of the store.</param>
/// <param name="admin">The store, as a user that may do anything.</param>
/// <param name="tls">How to connect where the store speaks TLS; <c>null</c> in the clear.</param>
internal sealed class MonitorSink(string endpoint, IDatabase admin, SslClientAuthenticationOptions? tls = null) : ISink, IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _lines = new();
    private TcpClient? _socket;
    private Task _reading = Task.CompletedTask;

    public string Name => "Redis commands";

    public bool HoldsBytes => true;

    public Task<IReadOnlyList<string>> ReadAsync() =>
        Task.FromResult<IReadOnlyList<string>>([.. _lines, .. _lines.Select(Unescaped)]);

    /// <summary>Begins to watch. A store that was stopped is watched again from the next call on.</summary>
    public async Task StartAsync()
    {
        await DisposeAsync();
        var place = endpoint.Split(':');
        _socket = new TcpClient();
        await _socket.ConnectAsync(place[0], int.Parse(place[1], CultureInfo.InvariantCulture)).DefaultTimeout();
        Stream stream = _socket.GetStream();
        if (tls is not null)
        {
            var encrypted = new SslStream(stream);
            await encrypted.AuthenticateAsClientAsync(tls).DefaultTimeout();
            stream = encrypted;
        }

        var reader = new StreamReader(stream, Encoding.Latin1);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH {RedisAccount.Admin.Name} {RedisAccount.Admin.Password}\r\nMONITOR\r\n")).DefaultTimeout();
        for (var command = 0; command < 2; command++)
        {
            var answer = await reader.ReadLineAsync().DefaultTimeout();
            if (answer != "+OK")
            {
                throw new InvalidOperationException($"Redis does not let the admin watch its commands: {answer}");
            }
        }

        _reading = ReadAsync(reader);
    }

    /// <summary>Waits until everything that was sent before is here.</summary>
    public async Task CatchUpAsync()
    {
        var marker = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        await admin.ExecuteAsync("ECHO", marker).DefaultTimeout();
        await Poll.UntilAsync(() => Task.FromResult(_lines.Any(line => line.Contains(marker, StringComparison.Ordinal)))).DefaultTimeout();
    }

    public async ValueTask DisposeAsync()
    {
        _socket?.Dispose();
        await _reading.DefaultTimeout();
    }

    private async Task ReadAsync(StreamReader reader)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                _lines.Enqueue(line);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The store was stopped or the watch ended; what was read stays.
            _lines.Enqueue($"the watch ended: {e.GetType().Name}");
        }
    }

    /// <summary>Redis writes bytes that are no characters as \xc6, and some as \n or \".</summary>
    private static string Unescaped(string line)
    {
        var bytes = new StringBuilder(line.Length);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] != '\\' || i + 1 == line.Length)
            {
                bytes.Append(line[i]);
                continue;
            }

            i++;
            if (line[i] == 'x' && i + 2 < line.Length)
            {
                bytes.Append((char)byte.Parse(line.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 2;
            }
            else
            {
                bytes.Append(line[i] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'a' => '\a', 'b' => '\b', var other => other });
            }
        }

        return bytes.ToString();
    }
}
