using System.Globalization;
using System.Text.Json;

namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>One series of an answer of Prometheus.</summary>
/// <param name="Labels">Its labels.</param>
/// <param name="Points">When it had which value, in seconds of Unix time.</param>
internal sealed record PrometheusSeries(IReadOnlyDictionary<string, string> Labels, IReadOnlyList<(double Time, double Value)> Points)
{
    /// <summary>Reads one.</summary>
    /// <param name="json">An element of <c>result</c>.</param>
    /// <param name="member"><c>value</c> of what is now, <c>values</c> of what was over time.</param>
    public static PrometheusSeries Of(JsonElement json, string member) => new(
        json.GetProperty("metric").Deserialize<Dictionary<string, string>>()!,
        member == "value" ? [Point(json.GetProperty(member))] : [.. json.GetProperty(member).EnumerateArray().Select(Point)]);

    // Prometheus spells NaN and the infinities as .NET does, but for +Inf and -Inf.
    private static (double, double) Point(JsonElement pair) => (pair[0].GetDouble(), pair[1].GetString() switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        var text => double.Parse(text!, CultureInfo.InvariantCulture),
    });
}
