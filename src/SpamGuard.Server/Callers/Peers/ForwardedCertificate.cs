using System.Collections.Immutable;
using System.Text;

namespace SpamGuard.Server.Callers.Peers;

/// <summary>Reads <c>x-forwarded-client-cert</c>: elements between commas, of pairs KEY=VALUE between semicolons; a value may stand in quotes.</summary>
internal static class ForwardedCertificate
{
    private const int MaxLength = 16 * 1024;

    /// <summary>The URIs and DNS names of the last element; none, and false, where it has none or anything of the header can't be read.</summary>
    public static bool TryReadLast(string header, out ImmutableArray<string> identities)
    {
        identities = [];
        if (header.Length > MaxLength || Elements(header) is not { Count: > 0 } elements)
        {
            return false;
        }

        var found = ImmutableArray.CreateBuilder<string>();
        foreach (var (key, value) in elements[^1])
        {
            var isUri = key.Equals("URI", StringComparison.OrdinalIgnoreCase);
            if (!isUri && !key.Equals("DNS", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            // As in a certificate: what is no identity, such as a wildcard, names nobody and spoils nothing.
            if (isUri ? CallerIdentity.TryUri(value, out var identity) : CallerIdentity.TryDns(value, out identity))
            {
                found.Add(identity);
            }
        }

        identities = found.ToImmutable();
        return identities.Length > 0;
    }

    // All elements or, where anything of them can't be read, null: of a header that is half understood nothing is believed.
    private static List<List<(string Key, string Value)>>? Elements(string header)
    {
        var (elements, pairs, at) = (new List<List<(string, string)>>(), new List<(string, string)>(), 0);
        while (true)
        {
            var equals = header.IndexOf('=', at);
            if (equals < 0 || !IsKey(header.AsSpan(at, equals - at).Trim()))
            {
                return null;
            }

            var key = header[at..equals].Trim();
            at = equals + 1;
            if (Value(header, ref at) is not { } value)
            {
                return null;
            }

            pairs.Add((key, value));
            var isLast = at == header.Length;
            if (isLast || header[at] == ',')
            {
                elements.Add(pairs);
                pairs = [];
            }

            if (isLast)
            {
                return elements;
            }

            at++;
        }
    }

    private static bool IsKey(ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            if (!char.IsAsciiLetter(letter))
            {
                return false;
            }
        }

        return text.Length > 0;
    }

    // Up to the separator or the end; in quotes a backslash takes away the meaning of what follows.
    private static string? Value(string header, ref int at)
    {
        if (at == header.Length || header[at] != '"')
        {
            var length = header.AsSpan(at).IndexOfAny(";,\"");
            var end = length < 0 ? header.Length : at + length;
            var plain = header[at..end].Trim();
            at = end;
            return end < header.Length && header[end] == '"' ? null : plain;
        }

        var text = new StringBuilder();
        for (at++; at < header.Length && header[at] != '"'; at++)
        {
            if (header[at] == '\\' && ++at == header.Length)
            {
                return null;
            }

            text.Append(header[at]);
        }

        at++;
        while (at < header.Length && header[at] == ' ')
        {
            at++;
        }

        return at <= header.Length && (at == header.Length ? header[^1] is '"' or ' ' : header[at] is ';' or ',') ? text.ToString() : null;
    }
}
