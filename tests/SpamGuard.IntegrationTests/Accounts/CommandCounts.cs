using System.Globalization;
using System.Net.Sockets;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Accounts;

/// <summary>Which commands a server has run or refused since <see cref="BeginAsync"/>, which empties it. Written by hand, for a driver sends more than it is told.</summary>
internal sealed class CommandCounts : IDisposable
{
    private const string Counter = "cmdstat_";

    private readonly TcpClient _socket;
    private readonly StreamReader _reader;

    private CommandCounts(TcpClient socket)
    {
        _socket = socket;
        _reader = new StreamReader(socket.GetStream());
    }

    public static async Task<CommandCounts> BeginAsync(string endpoint)
    {
        var parts = endpoint.Split(':');
        var counts = new CommandCounts(new TcpClient(parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture)));
        await counts.AskAsync($"AUTH {RedisAccount.Admin.Name} {RedisAccount.Admin.Password}");
        await counts.AskAsync("FLUSHALL"); // a replica refuses it, and follows its master
        await counts.AskAsync("SET sg:a:{forever} 1"); // for the auditor; a replica refuses it, and so does a node of a cluster that has not this slot
        await counts.AskAsync("SCRIPT FLUSH");
        await counts.AskAsync("CONFIG RESETSTAT");
        return counts;
    }

    /// <summary>Names as the users' lines write them, such as <c>client|setname</c>, of those that were run.</summary>
    public async Task<HashSet<string>> SentAsync() => [.. (await LinesAsync()).Select(static line => line.Split(':')[0]).Where(static name => name is not "config|resetstat")];

    /// <summary>Names of those that a user was not allowed.</summary>
    public async Task<string[]> RefusedAsync() =>
        [.. (await LinesAsync()).Where(static line => !line.Contains("rejected_calls=0", StringComparison.Ordinal)).Select(static line => line.Split(':')[0])];

    public void Dispose()
    {
        _reader.Dispose();
        _socket.Dispose();
    }

    private async Task<List<string>> LinesAsync()
    {
        var length = int.Parse((await AskAsync("INFO commandstats"))[1..], CultureInfo.InvariantCulture);
        var lines = new List<string>();
        for (var read = 0; read < length + 2;)
        {
            var line = (await _reader.ReadLineAsync().DefaultTimeout())!;
            read += line.Length + 2;
            if (line.StartsWith(Counter, StringComparison.Ordinal))
            {
                lines.Add(line[Counter.Length..]);
            }
        }

        return lines;
    }

    private async Task<string> AskAsync(string command)
    {
        await _socket.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(command + "\r\n")).DefaultTimeout();
        return (await _reader.ReadLineAsync().DefaultTimeout())!;
    }
}
