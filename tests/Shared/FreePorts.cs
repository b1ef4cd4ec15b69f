using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace SpamGuard.Testing;

/// <summary>
/// Loopback ports that nobody listens on. They lie below the range from which Linux takes the source ports of outgoing
/// connections (32768 and up), for such a connection could take the port between the look and the bind. None is given twice: whoever was given
/// it may not listen yet.
/// </summary>
internal static class FreePorts
{
    private const int Lowest = 12_000;
    private const int Highest = 22_000;
    private const int Attempts = 1_000;

    private static readonly HashSet<int> Given = [];

    public static int TakeOne() => Take(1)[0];

    /// <param name="count">How many different ports.</param>
    /// <param name="alsoFree">A distance: the port so far above must be free too (the bus of a Redis cluster: 10000).</param>
    public static IReadOnlyList<int> Take(int count, int alsoFree = 0)
    {
        var ports = new SortedSet<int>();
        for (var attempt = 0; attempt < Attempts && ports.Count < count; attempt++)
        {
            var port = RandomNumberGenerator.GetInt32(Lowest, Highest);
            if (IsFree(port) && (alsoFree == 0 || IsFree(port + alsoFree)) && IsNew(port))
            {
                ports.Add(port);
            }
        }

        return ports.Count == count ? [.. ports] : throw new InvalidOperationException($"No {count} free ports on loopback.");
    }

    /// <summary>Whether somebody listens on a port.</summary>
    public static async Task<bool> ListensAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port).DefaultTimeout();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static bool IsNew(int port)
    {
        lock (Given)
        {
            return Given.Add(port);
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }
}
