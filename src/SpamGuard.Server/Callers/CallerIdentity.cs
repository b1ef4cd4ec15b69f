using System.Buffers;

namespace SpamGuard.Server.Callers;

/// <summary>Subject alternative names that say who somebody is: a URI such as <c>spiffe://example.org/web</c>, or a DNS name. No text is both: one has a colon, the other none.</summary>
internal static class CallerIdentity
{
    /// <summary>What is one, to stand behind "allowed are ".</summary>
    public const string Allowed = "whole URIs such as spiffe://example.org/web, and DNS names without wildcards";

    private const int MaxLength = 2048;
    private const string BehindScheme = "://";
    private static readonly SearchValues<char> OfDns = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.");

    /// <summary>The form of a URI or of a DNS name that is compared.</summary>
    /// <returns>Whether the text is one of the two.</returns>
    public static bool TryNormalize(string text, out string identity) => TryUri(text, out identity) || TryDns(text, out identity);

    /// <summary>The form of a URI that is compared: scheme and host in lower case, all else as it is written.</summary>
    /// <returns>Whether the text is a URI with a scheme and a host, and without a user and wildcards.</returns>
    public static bool TryUri(string text, out string identity)
    {
        identity = text;
        var scheme = text.IndexOf(':', StringComparison.Ordinal);
        if (text.Length > MaxLength || text.AsSpan().ContainsAnyExceptInRange('!', '~') || text.Contains('*', StringComparison.Ordinal)
            || scheme < 0 || !Uri.CheckSchemeName(text[..scheme]) || !text.AsSpan(scheme).StartsWith(BehindScheme, StringComparison.Ordinal)
            || !Uri.TryCreate(text, UriKind.Absolute, out _))
        {
            return false;
        }

        var host = scheme + BehindScheme.Length;
        var length = text.AsSpan(host).IndexOfAny('/', '?', '#');
        var end = length < 0 ? text.Length : host + length;
        identity = string.Concat(text[..end].ToLowerInvariant(), text.AsSpan(end));
        return end > host && !text.AsSpan(host, end - host).Contains('@');
    }

    /// <summary>The form of a DNS name that is compared: in lower case, without a dot at its end.</summary>
    /// <returns>Whether the text is a DNS name of letters, digits, hyphens and dots, and so without wildcards.</returns>
    public static bool TryDns(string text, out string identity)
    {
        identity = (text.EndsWith('.') ? text[..^1] : text).ToLowerInvariant();
        return !text.AsSpan().ContainsAnyExcept(OfDns) && Uri.CheckHostName(identity) == UriHostNameType.Dns && !identity.EndsWith('.');
    }
}
