using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Garnet;
using Garnet.server;

namespace SpamGuard.Embedded;

/// <summary>A Redis-compatible store in this process, on loopback, for a laptop and for tests: it is gone with the process.</summary>
internal sealed class EmbeddedStore : IAsyncDisposable
{
    private const int StartAttempts = 5;

    private readonly GarnetServer _server;

    private EmbeddedStore(GarnetServer server, int port)
    {
        _server = server;
        Port = port;
        ConnectionString = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
    }

    /// <summary>The loopback port it listens on.</summary>
    public int Port { get; }

    /// <summary>What to give as <c>ConnectionStrings:Signals</c>, with the topology <c>standalone</c>.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts a store on a free port.</summary>
    /// <exception cref="SocketException">No free port was found.</exception>
    public static EmbeddedStore Start()
    {
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort();
            try
            {
                var server = new GarnetServer(Options(port));
                server.Start();
                return new EmbeddedStore(server, port);
            }
            catch (SocketException) when (attempt < StartAttempts)
            {
                // Somebody else took the port between the look and the bind: the next one.
            }
        }
    }

    /// <summary>Ends the store and everything in it.</summary>
    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        return ValueTask.CompletedTask;
    }

    private static GarnetServerOptions Options(int port) => new()
    {
        EndPoints = [new IPEndPoint(IPAddress.Loopback, port)],
        EnableLua = true,

        // Without it a script's commands lock key by key, not together, and concurrent updates are lost: 42,540 of 60,000 were counted.
        LuaTransactionMode = true,
        LuaOptions = new LuaOptions(),
        QuietMode = true,

        // Nothing is ever written to disk: no second tier, no append-only file, no recovery.
        EnableStorageTier = false,
        EnableAOF = false,
        Recover = false,
        DisablePubSub = true,
        LogMemorySize = "256m",
        PageSize = "4m",
        IndexMemorySize = "16m",
    };

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
