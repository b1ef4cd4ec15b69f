using System.Globalization;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Grpc;

/// <summary>Events to send. Tests share a server, so each takes a /8 of its own where it counts.</summary>
internal static class Events
{
    public static Event SignUp(string address) => new() { Kind = EventKind.SignUp, Address = address };

    public static Event Message(string address) => new() { Kind = EventKind.Message, Address = address };

    public static string NewRequestId() => Guid.NewGuid().ToString("D", CultureInfo.InvariantCulture);
}
