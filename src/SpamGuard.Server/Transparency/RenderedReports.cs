using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;
using SpamGuard.Desk.Transparency;

namespace SpamGuard.Server.Transparency;

/// <summary>
/// What was rendered since a figure last changed: so a page that everybody may ask for costs the desk one rendering a period and a change, one at a time. For concurrent use.
/// </summary>
internal sealed class RenderedReports(TransparencyReporter reporter)
{
    /// <summary>How many bytes are kept; one more rendering, and all are made anew.</summary>
    public const int MostBytes = 16 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Format, ReportPeriod Period), RenderedReport> _rendered = [];
    private ReportVersion? _version;
    private int _bytes;

    /// <summary>Answers what is kept, or renders it.</summary>
    /// <param name="format">The name of the format.</param>
    /// <param name="period">The period.</param>
    /// <param name="render">Renders it.</param>
    public RenderedReport Get(string format, ReportPeriod period, Func<ReportPeriod, byte[]> render)
    {
        lock (_gate)
        {
            var version = reporter.Version;
            if (version != _version || _bytes > MostBytes)
            {
                _rendered.Clear();
                (_version, _bytes) = (version, 0);
            }

            if (!_rendered.TryGetValue((format, period), out var rendered))
            {
                rendered = RenderedReport.Of(render(period));
                _rendered.Add((format, period), rendered);
                _bytes += rendered.Body.Length;
            }

            return rendered;
        }
    }
}

/// <summary>Something rendered.</summary>
/// <param name="Body">Its bytes.</param>
/// <param name="Tag">Their hash, which holds the revision and the period as the bytes do: a restart makes no other tag of the same bytes.</param>
internal sealed record RenderedReport(byte[] Body, EntityTagHeaderValue Tag)
{
    /// <summary>Of its bytes.</summary>
    public static RenderedReport Of(byte[] body) =>
        new(body, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16))}\""));
}
