using System.Text;
using SpamGuard.Addresses;
using SpamGuard.Policies;
using SpamGuard.Scoring;

namespace SpamGuard.Cli.Csv;

/// <summary>Reads the fields of an event. What is wrong with one is answered as a text that says what is taken, <c>null</c> for nothing.</summary>
internal static class EventFields
{
    private static readonly string TooLong = FormattableString.Invariant($"longer than {SpamEvent.MaxDigestBytes} bytes");

    /// <summary>What the event is.</summary>
    public static string? Kind(ReadOnlySpan<char> text, out EventKind kind) =>
        EventKinds.TryParse(text, out kind) ? null : $"write {string.Join(" or ", EventKinds.All.Select(one => one.Name()))}";

    /// <summary>Where it comes from.</summary>
    public static string? Address(ReadOnlySpan<char> text, out ClientAddress address)
    {
        if (!ClientAddress.TryParse(text, out address))
        {
            return "not an IPv4 or IPv6 address";
        }

        return address.Scope == AddressScope.Unusable ? "unspecified, broadcast or multicast: no event comes from there" : null;
    }

    /// <summary>A digest that may be empty.</summary>
    public static string? Digest(ReadOnlySpan<char> text) => Encoding.UTF8.GetByteCount(text) > SpamEvent.MaxDigestBytes ? TooLong : null;
}
