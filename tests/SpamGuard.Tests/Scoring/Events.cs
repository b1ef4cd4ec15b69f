using System.Text;
using SpamGuard.Addresses;
using SpamGuard.Policies;
using SpamGuard.Scoring;

namespace SpamGuard.Tests.Scoring;

/// <summary>Makes events for tests.</summary>
internal static class Events
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    public static SpamEvent SignUp(string address = "198.18.7.9", string account = "") => Of(EventKind.SignUp, address, account, "");

    public static SpamEvent Message(string address = "198.18.7.9", string account = "", string content = "") =>
        Of(EventKind.Message, address, account, content);

    public static ClientAddress Address(string text) =>
        ClientAddress.TryParse(text, out var address) ? address : throw new ArgumentException("Not an address.", nameof(text));

    public static OfflineSpamGuard Guard(ScoringPolicy? policy = null, int seed = 1) => new(policy ?? ScoringPolicy.Default, phaseSeconds: 0, seed);

    private static SpamEvent Of(EventKind kind, string address, string account, string content) =>
        new(kind, Address(address), Encoding.UTF8.GetBytes(account), Encoding.UTF8.GetBytes(content));
}
