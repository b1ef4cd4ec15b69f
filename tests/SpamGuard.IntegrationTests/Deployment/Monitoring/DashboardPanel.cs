using System.Text.Json;
using System.Text.RegularExpressions;

namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>A panel of a dashboard.</summary>
/// <param name="Dashboard">The uid of its dashboard.</param>
/// <param name="Json">As it is in the file.</param>
internal sealed record DashboardPanel(string Dashboard, JsonElement Json)
{
    public string Title => Json.GetProperty("title").GetString()!;

    public string Description => Json.GetProperty("description").GetString()!;

    public string Type => Json.GetProperty("type").GetString()!;

    public string Unit => Defaults.GetProperty("unit").GetString()!;

    /// <summary>Its place, in columns and rows of Grafana's grid, of which there are 24 columns.</summary>
    public (int X, int Y, int Width, int Height) Place => (Grid("x"), Grid("y"), Grid("w"), Grid("h"));

    public IReadOnlyList<DashboardQuery> Queries =>
    [
        .. Json.GetProperty("targets").EnumerateArray().Select(static target => new DashboardQuery(
            target.GetProperty("expr").GetString()!, target.GetProperty("legendFormat").GetString()!, target.GetProperty("instant").GetBoolean())),
    ];

    /// <summary>Its links: title and address.</summary>
    public IReadOnlyList<(string Title, string Url)> Links =>
        [.. Json.GetProperty("links").EnumerateArray().Select(static link => (link.GetProperty("title").GetString()!, link.GetProperty("url").GetString()!))];

    /// <summary>From which value on it takes which colour; the first has no value.</summary>
    public IReadOnlyList<(string Color, double? Value)> Thresholds =>
    [
        .. Defaults.GetProperty("thresholds").GetProperty("steps").EnumerateArray()
            .Select(static step => (step.GetProperty("color").GetString()!, step.GetProperty("value") is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : (double?)null)),
    ];

    /// <summary>What it says instead of a value.</summary>
    public IReadOnlyDictionary<string, string> Texts => Defaults.TryGetProperty("mappings", out var mappings)
        ? mappings[0].GetProperty("options").EnumerateObject().ToDictionary(static one => one.Name, static one => one.Value.GetProperty("text").GetString()!, StringComparer.Ordinal)
        : new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether it says what it means that there is no answer.</summary>
    public bool MayBeEmpty => Defaults.TryGetProperty("noValue", out _);

    public override string ToString() => $"{Dashboard}, {Title}";

    private JsonElement Defaults => Json.GetProperty("fieldConfig").GetProperty("defaults");

    private int Grid(string name) => Json.GetProperty("gridPos").GetProperty(name).GetInt32();
}

/// <summary>A query of a panel.</summary>
/// <param name="Expression">With the variables of Grafana in it.</param>
/// <param name="Legend">What its series are called, by their labels.</param>
/// <param name="IsInstant">Whether it asks for what is now, and not over time.</param>
internal sealed partial record DashboardQuery(string Expression, string Legend, bool IsInstant)
{
    /// <summary>The labels that its legend names.</summary>
    public IEnumerable<string> LegendLabels => Label().Matches(Legend).Select(static match => match.Groups["name"].Value);

    /// <summary>The expression as Grafana sends it.</summary>
    /// <param name="expression">One with variables.</param>
    /// <param name="rateInterval">Over how long a rate is taken.</param>
    /// <param name="range">The time that is shown.</param>
    public static string Resolve(string expression, string rateInterval, string range) => expression
        .Replace("$namespace", PrometheusProcess.Namespace, StringComparison.Ordinal).Replace("$pod", ".*", StringComparison.Ordinal)
        .Replace("$__rate_interval", rateInterval, StringComparison.Ordinal).Replace("$__range", range, StringComparison.Ordinal);

    /// <summary>The name of a series.</summary>
    public string NameOf(IReadOnlyDictionary<string, string> labels) => Label().Replace(Legend, match => labels.GetValueOrDefault(match.Groups["name"].Value, "")).Trim();

    [GeneratedRegex(@"\{\{(?<name>\w+)\}\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Label();
}
