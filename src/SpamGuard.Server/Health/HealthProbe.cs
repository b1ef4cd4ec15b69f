using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SpamGuard.Server.Listeners;

namespace SpamGuard.Server.Health;

/// <summary>
/// The program's verb <c>healthcheck</c>: asks the server that runs beside it, on the health listener that the same configuration names, and
/// starts nothing itself. For the image, in which there is no other program that could ask.
/// </summary>
internal static class HealthProbe
{
    /// <summary>The first argument of the program.</summary>
    public const string Verb = "healthcheck";

    private const string Ready = "--ready";
    private const string Usage = $"usage: dotnet SpamGuard.Server.dll {Verb} [{Ready}]";
    private const int Healthy = 0;
    private const int Unhealthy = 1;
    private const int BadArguments = 2;

    /// <summary>How long the answer may take: many times what a busy server needs, and less than what runs probes waits for them.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>Asks once, and says in one line what came of it.</summary>
    /// <param name="arguments">Those behind the verb.</param>
    /// <param name="messages">Where the line goes.</param>
    /// <returns>The exit code: 0 where the server is alive (<c>--ready</c>: ready), 1 where it is not or can't be asked, 2 for arguments that are none.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter messages)
    {
        if (arguments is not ([] or [Ready]))
        {
            await messages.WriteLineAsync(Usage);
            return BadArguments;
        }

        var (code, line) = await AskAsync(arguments is [Ready] ? "/readyz" : "/livez");
        await messages.WriteLineAsync($"{Verb}: {line}");
        return code;
    }

    private static async Task<(int Code, string Line)> AskAsync(string path)
    {
        var listeners = new ListenerOptions();
        Configuration().GetSection(ListenerOptions.Section).Bind(listeners);
        var (key, address) = (listeners.AddressKeyOf(Listener.Health), listeners.AddressOf(Listener.Health));
        if (!IPAddress.TryParse(address, out var listensOn))
        {
            return (Unhealthy, $"{key}: found '{address}'; allowed is an IP address.");
        }

        if (listeners.Health.Port is not { } port || port is <= IPEndPoint.MinPort or > IPEndPoint.MaxPort)
        {
            return (Unhealthy, string.Create(CultureInfo.InvariantCulture, $"Listeners:Health:Port: found '{listeners.Health.Port}'; allowed are 1 to 65535, for nobody else knows which port 0 took."));
        }

        try
        {
            using var client = new HttpClient(Handler(new IPEndPoint(Reachable(listensOn), port)));
            using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
            using var answer = await client.GetAsync(new UriBuilder("http", "localhost", port, path).Uri, limit.Token);
            var line = string.Create(CultureInfo.InvariantCulture, $"{path} on port {port} answers {(int)answer.StatusCode}.");
            return (answer.StatusCode is HttpStatusCode.OK ? Healthy : Unhealthy, line);
        }
        catch (OperationCanceledException)
        {
            return (Unhealthy, string.Create(CultureInfo.InvariantCulture, $"{path} on port {port} does not answer within {Limit.TotalSeconds} s."));
        }
        catch (HttpRequestException e)
        {
            var reason = e.InnerException is SocketException socket ? $"{socket.SocketErrorCode}" : $"{e.HttpRequestError}";
            return (Unhealthy, string.Create(CultureInfo.InvariantCulture, $"{path} on port {port} can't be asked ({reason})."));
        }
    }

    // As the server's own builder reads it, but for the server's arguments, of which another process knows nothing.
    private static IConfigurationRoot Configuration()
    {
        var environment = Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")
            ?? Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT")
            ?? Environments.Production;
        return new ConfigurationBuilder()
            .SetBasePath(Directory.GetCurrentDirectory())
            .AddEnvironmentVariables("ASPNETCORE_")
            .AddEnvironmentVariables("DOTNET_")
            .AddJsonFile("appsettings.json", optional: true)
            .AddJsonFile($"appsettings.{environment}.json", optional: true)
            .AddEnvironmentVariables()
            .Build();
    }

    // A server that listens on every address is asked on loopback.
    private static IPAddress Reachable(IPAddress listensOn) =>
        listensOn.Equals(IPAddress.Any) ? IPAddress.Loopback
        : listensOn.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
        : listensOn;

    // By the address and not by its text, and past any proxy that the environment names.
    private static SocketsHttpHandler Handler(IPEndPoint health) => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(health.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(health, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };
}
