namespace SpamGuard.Server.Callers;

/// <summary>Subject alternative names that say who somebody is: a URI such as <c>spiffe://example.org/web</c>, or a DNS name.</summary>
internal static class CallerIdentity
{
    /// <summary>What is one, to stand behind "allowed are ".</summary>
    public const string Allowed = "whole URIs such as spiffe://example.org/web, and DNS names without wildcards";

    private const int MaxLength = 2048;

    /// <summary>The form that is compared: a URI as it is written, a DNS name in lower case.</summary>
    /// <returns>Whether the text is one of the two.</returns>
    public static bool TryNormalize(string text, out string identity)
    {
        identity = text;
        if (text.Length is 0 or > MaxLength || text.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return false;
        }

        if (text.Contains("://", StringComparison.Ordinal))
        {
            return !text.Contains('*', StringComparison.Ordinal) && Uri.TryCreate(text, UriKind.Absolute, out _);
        }

        identity = text.ToLowerInvariant();
        return Uri.CheckHostName(text) == UriHostNameType.Dns;
    }
}
