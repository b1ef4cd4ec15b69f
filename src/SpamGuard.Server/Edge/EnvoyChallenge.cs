using System.Globalization;

namespace SpamGuard.Server.Edge;

/// <summary>What Envoy does with a request whose client is to be challenged: answer a status, redirect, or pass it on for the application to see to it.</summary>
/// <param name="Status">The status; <c>null</c> where the request passes.</param>
/// <param name="Location">Where a redirect goes; <c>null</c> for no redirect.</param>
internal sealed record EnvoyChallenge(int? Status, string? Location)
{
    /// <summary>What may be written, to stand behind "allowed are ".</summary>
    public const string Allowed = "401, 403, 428, upstream (the application sees to it), and where to redirect to: a path such as /challenge, or an https URL";

    private const string Upstream = "upstream";

    /// <summary>Reads one; <c>null</c> where it is none.</summary>
    public static EnvoyChallenge? Parse(string text) => text switch
    {
        Upstream => new(Status: null, Location: null),
        "401" or "403" or "428" => new(int.Parse(text, CultureInfo.InvariantCulture), Location: null),
        _ when IsLocation(text) => new(StatusCodes.Status303SeeOther, text),
        _ => null,
    };

    // Not "//elsewhere", which a browser takes for another host; and nothing that ends a header.
    private static bool IsLocation(string text) =>
        !text.AsSpan().ContainsAnyExceptInRange('!', '~')
        && ((text.StartsWith('/') && !text.StartsWith("//", StringComparison.Ordinal) && !text.Contains('\\', StringComparison.Ordinal))
            || (Uri.TryCreate(text, UriKind.Absolute, out var url) && string.Equals(url.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal)));
}
