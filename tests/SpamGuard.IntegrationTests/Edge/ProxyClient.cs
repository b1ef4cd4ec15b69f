using System.Net;
using System.Net.Sockets;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Edge;

/// <summary>Somebody who comes to a proxy from an address of loopback.</summary>
/// <param name="proxy">Where it comes to.</param>
/// <param name="address">Where it comes from.</param>
internal sealed class ProxyClient(Uri proxy, string address)
{
    /// <summary>Sends a form, and reads what is answered; a redirect too.</summary>
    public async Task<(HttpStatusCode Status, string Body, Func<string, string?> Header)> PostAsync(string path, params IEnumerable<(string Name, string Value)> headers)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectCallback = ConnectAsync });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(proxy, path));
        request.Content = new StringContent("user=somebody");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request).DefaultTimeout();
        var answered = response.Headers.ToDictionary(static header => header.Key, static header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return (response.StatusCode, await response.Content.ReadAsStringAsync().DefaultTimeout(), name => answered.GetValueOrDefault(name));
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
