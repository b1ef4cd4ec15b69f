using System.Globalization;
using System.Net;
using System.Text;
using SpamGuard.Testing;

namespace SpamGuard.Promise.Sabotages;

/// <summary>Stands between the desk and who reads what it publishes, and changes one figure of its JSON.</summary>
internal sealed class ChangingProxy : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly HttpClient _desk;

    public ChangingProxy(Uri desk)
    {
        _desk = new HttpClient { BaseAddress = desk };
        Url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.TakeOne()}/"));
        _listener.Prefixes.Add(Url.ToString());
        _listener.Start();
        _ = ServeAsync();
    }

    /// <summary>Where it is.</summary>
    public Uri Url { get; }

    public void Dispose()
    {
        _listener.Close();
        _desk.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (_listener.IsListening)
            {
                var context = await _listener.GetContextAsync();
                var text = await _desk.GetStringAsync(context.Request.RawUrl).DefaultTimeout();
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(text.Replace("\"inspections\": ", "\"inspections\": 1", StringComparison.Ordinal)));
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or HttpListenerException or OperationCanceledException)
        {
            // The walk is over.
        }
    }
}
