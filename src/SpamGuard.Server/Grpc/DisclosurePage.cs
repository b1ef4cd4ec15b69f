using System.Buffers.Text;
using System.Globalization;
using System.Text;
using SpamGuard.Desk.Disclosures;

namespace SpamGuard.Server.Grpc;

/// <summary>Pages of a list of orders. A token names the last entry of its page and the state that was asked for.</summary>
internal static class DisclosurePage
{
    /// <summary>How many a page has where nothing is said.</summary>
    public const int DefaultSize = 50;

    /// <summary>How many it has at most.</summary>
    public const int MostSize = 200;

    private const int MostToken = 64;

    /// <summary>Takes a page, and the token of the next; that is empty where there is none.</summary>
    /// <param name="latest">All orders, the latest first.</param>
    /// <param name="state">Which are wanted; <c>null</c> for all.</param>
    /// <param name="below">Only those that were opened before this entry.</param>
    /// <param name="size">How many.</param>
    /// <param name="now">When.</param>
    public static (IReadOnlyList<Disclosure> Page, string Next) Of(IEnumerable<Disclosure> latest, DisclosureState? state, long below, int size, DateTimeOffset now)
    {
        var found = latest.Where(one => one.Seq < below && (state is null || one.StateAt(now) == state)).Take(size + 1).ToList();
        if (found.Count <= size)
        {
            return (found, string.Empty);
        }

        found.RemoveAt(size);
        return (found, Token(found[^1].Seq, state));
    }

    /// <summary>The entry that a token names; <c>null</c> where it is none, or of another list.</summary>
    public static long? Read(string token, DisclosureState? state)
    {
        Span<byte> text = stackalloc byte[MostToken];
        if (token.Length > MostToken || !Base64Url.IsValid(token) || !Base64Url.TryDecodeFromChars(token, text, out var length))
        {
            return null;
        }

        var parts = Encoding.ASCII.GetString(text[..length]).Split('.');
        return parts.Length == 2 && string.Equals(parts[0], Name(state), StringComparison.Ordinal)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var seq) ? seq : null;
    }

    private static string Token(long seq, DisclosureState? state) =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Name(state)}.{seq}")));

    private static string Name(DisclosureState? state) => state?.ToString() ?? "All";
}
