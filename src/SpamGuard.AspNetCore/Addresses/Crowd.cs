using System.Net;

namespace SpamGuard.AspNetCore.Addresses;

/// <summary>Counts how many clients came by each private address within an hour, of a bounded number of addresses and up to a bound. Holds neither, but hashes that are this process' own.</summary>
internal sealed class Crowd(int limit, TimeProvider time)
{
    /// <summary>Where each client has a private address of its own there is nothing to find.</summary>
    private const int MaxAddresses = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, HashSet<int>> _clientsOf = [];
    private long _since = time.GetTimestamp();

    /// <summary>Whether as many as the limit have come by this address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="client">A hash of what tells a client from another.</param>
    public bool Add(IPAddress address, int client)
    {
        var hash = HashCode.Combine(address);
        lock (_gate)
        {
            if (time.GetElapsedTime(_since) >= TimeSpan.FromHours(1))
            {
                _clientsOf.Clear();
                _since = time.GetTimestamp();
            }

            if (!_clientsOf.TryGetValue(hash, out var clients))
            {
                if (_clientsOf.Count == MaxAddresses)
                {
                    return false;
                }

                _clientsOf[hash] = clients = [];
            }

            return clients.Count >= limit || (clients.Add(client) && clients.Count >= limit);
        }
    }
}
