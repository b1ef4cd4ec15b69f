using System.Net;
using System.Net.Sockets;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Fixtures;

public sealed class FreePortsTests
{
    [Fact]
    public void Take_WithADistance_GivesDifferentPortsThatCanBothBeBound()
    {
        var ports = FreePorts.Take(3, alsoFree: 10_000);

        Assert.Equal(3, ports.Distinct().Count());
        foreach (var port in ports.SelectMany(port => new[] { port, port + 10_000 }))
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
        }
    }
}
