using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace SpamGuard.Cli.Doctor;

/// <summary>How long a certificate is good.</summary>
internal static class CertificateCheck
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    /// <summary>Whether it is over, not begun, ends soon, or neither. Soon is the last fortnight, and of one that lives for less than six weeks the last third: it should have been renewed by then.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="now">This machine's time.</param>
    public static (CheckState State, string Found) Of(X509Certificate2 certificate, DateTimeOffset now)
    {
        var (from, to) = (new DateTimeOffset(certificate.NotBefore), new DateTimeOffset(certificate.NotAfter));
        var (left, third) = (to - now, (to - from) / 3);
        return now < from ? (CheckState.Fail, $"not valid before {Text(from)}")
            : left <= TimeSpan.Zero ? (CheckState.Fail, $"expired at {Text(to)}")
            : (left < (third < Soon ? third : Soon) ? CheckState.Warn : CheckState.Ok, string.Create(CultureInfo.InvariantCulture, $"{left.TotalDays:0.0} days left, until {Text(to)}"));
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
