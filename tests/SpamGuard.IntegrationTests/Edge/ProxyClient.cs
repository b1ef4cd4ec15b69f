using System.Net;
using System.Net.Sockets;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Edge;

/// <summary>Somebody who comes to a proxy from an address of loopback.</summary>
/// <param name="proxy">Where it comes to.</param>
/// <param name="address">Where it comes from.</param>
internal sealed class ProxyClient(Uri proxy, string address)
{
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Sends a form, and reads what is answered; a redirect too.</summary>
    public Task<(HttpStatusCode Status, string Body, Func<string, string?> Header)> PostAsync(string path, params IEnumerable<(string Name, string Value)> headers) =>
        SendAsync(HttpMethod.Post, path, headers);

    /// <summary>Looks at a page, with headers of its own.</summary>
    public Task<(HttpStatusCode Status, string Body, Func<string, string?> Header)> GetAsync(string path, params IEnumerable<(string Name, string Value)> headers) =>
        SendAsync(HttpMethod.Get, path, headers);

    /// <summary>Sends by any method, without a body but by POST.</summary>
    public async Task<(HttpStatusCode Status, string Body, Func<string, string?> Header)> SendAsync(HttpMethod method, string path, IEnumerable<(string Name, string Value)> headers)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectCallback = ConnectAsync });
        using var request = new HttpRequestMessage(method, new Uri($"http://{proxy.Authority}{path}", AsWritten));
        request.Content = method == HttpMethod.Post ? new StringContent("user=somebody") : null;
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
