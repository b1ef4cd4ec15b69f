using System.Net;
using Microsoft.Extensions.Options;

namespace SpamGuard.Server.Listeners;

/// <summary>Refuses a configuration of listeners that can't work; all faults at once, each with its key, what was found and what is allowed.</summary>
internal sealed class ListenerOptionsValidator : IValidateOptions<ListenerOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ListenerOptions options)
    {
        var faults = new List<string>();
        CheckAddress("Listeners:Address", options.Address, faults);
        var ports = new Dictionary<int, Listener>();
        foreach (var listener in Enum.GetValues<Listener>())
        {
            var endpoint = options[listener];
            if (endpoint.Address is { } address)
            {
                CheckAddress($"Listeners:{listener}:Address", address, faults);
            }

            if (endpoint.Port is not { } port)
            {
                continue;
            }

            if (port is < IPEndPoint.MinPort or > IPEndPoint.MaxPort)
            {
                faults.Add($"Listeners:{listener}:Port: found {port}; allowed are {ListenerOptions.AllowedPorts}.");
            }
            else if (port != 0 && !ports.TryAdd(port, listener))
            {
                faults.Add($"Listeners:{listener}:Port: found {port}, the port of Listeners:{ports[port]}; allowed is a port of its own.");
            }
        }

        if (options.MaxConnectionAge < ListenerOptions.ShortestConnectionAge || options.MaxConnectionAge > ListenerOptions.LongestConnectionAge)
        {
            faults.Add($"Listeners:MaxConnectionAge: found {options.MaxConnectionAge}; allowed are {ListenerOptions.ShortestConnectionAge} to {ListenerOptions.LongestConnectionAge}.");
        }

        if (options.MaxConnections is < 1 or > ListenerOptions.MostConnections)
        {
            faults.Add($"Listeners:MaxConnections: found {options.MaxConnections}; allowed are {ListenerOptions.AllowedConnections}.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void CheckAddress(string key, string found, List<string> faults)
    {
        if (!IPAddress.TryParse(found, out _))
        {
            faults.Add($"{key}: found '{found}'; allowed is an IP address, such as 127.0.0.1, 0.0.0.0 or ::.");
        }
    }
}
