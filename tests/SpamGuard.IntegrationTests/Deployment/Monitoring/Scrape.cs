using System.Text.RegularExpressions;

namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>What a server shows: the names of its series, and the values of their labels.</summary>
internal sealed partial class Scrape
{
    // Prometheus and the cluster give these to whatever they scrape.
    private static readonly HashSet<string> OfTargets = new(StringComparer.Ordinal) { "namespace", "job", "pod", "instance" };

    // What is not ours: whether a target answers, a process' time, which tests keep out of their registries, and the volume, by the kubelet.
    private static readonly Dictionary<string, HashSet<string>> Others = new(StringComparer.Ordinal)
    {
        ["up"] = [],
        ["process_cpu_seconds_total"] = [],
        ["kubelet_volume_stats_available_bytes"] = ["persistentvolumeclaim"],
        ["kubelet_volume_stats_used_bytes"] = ["persistentvolumeclaim"],
        ["kubelet_volume_stats_capacity_bytes"] = ["persistentvolumeclaim"],
    };

    private readonly Dictionary<string, Dictionary<string, HashSet<string>>> _series = new(StringComparer.Ordinal);

    /// <param name="text">What <c>GET /metrics</c> answered.</param>
    /// <param name="recorded">The rules that record, whose names are series too.</param>
    public Scrape(string text, IEnumerable<Rule> recorded)
    {
        foreach (var match in Family().Matches(text).Cast<Match>())
        {
            Of(match.Groups["name"].Value); // of tags there are series only where there are tags
        }

        foreach (var match in Sample().Matches(text).Cast<Match>())
        {
            var labels = Of(match.Groups["name"].Value);
            foreach (var label in Label().Matches(match.Groups["labels"].Value).Cast<Match>())
            {
                Add(labels, label.Groups["name"].Value, label.Groups["value"].Value);
            }
        }

        foreach (var rule in recorded)
        {
            var labels = Of(rule.Record!);
            foreach (var (name, value) in rule.Labels)
            {
                Add(labels, name, value);
            }

            foreach (var (name, values) in PromQl.Selectors(rule.Expr).SelectMany(selector => Of(selector.Metric)).ToList())
            {
                labels.GetValueOrDefault(name, []).UnionWith(values);
                labels.TryAdd(name, values);
            }
        }
    }

    /// <summary>What an expression names that is not there; empty where all of it is.</summary>
    public IEnumerable<string> Faults(string expression)
    {
        var selectors = PromQl.Selectors(expression);
        foreach (var selector in selectors)
        {
            if (!_series.ContainsKey(selector.Metric) && !Others.ContainsKey(selector.Metric))
            {
                yield return $"{selector.Metric} is no series";
            }

            foreach (var matcher in selector.Matchers.Where(matcher => !Has(selector.Metric, matcher)))
            {
                yield return $"{selector.Metric} has no series with {matcher.Label}{matcher.Operator}\"{matcher.Value}\"";
            }
        }

        foreach (var label in PromQl.Labels(expression).Where(label => !OfTargets.Contains(label) && !selectors.Any(selector => LabelsOf(selector.Metric).Contains(label))))
        {
            yield return $"{label} is a label of none of its series";
        }
    }

    private IEnumerable<string> LabelsOf(string metric) => Others.GetValueOrDefault(metric) ?? (IEnumerable<string>)_series.GetValueOrDefault(metric, []).Keys;

    // Each value that is named must be there, also one that is left out: it would be a misspelt one.
    private bool Has(string metric, Matcher matcher)
    {
        if (OfTargets.Contains(matcher.Label) || Others.ContainsKey(metric))
        {
            return OfTargets.Contains(matcher.Label) || Others[metric].Contains(matcher.Label);
        }

        var values = _series.GetValueOrDefault(metric, []).GetValueOrDefault(matcher.Label, []);
        return matcher.Operator.EndsWith('~') ? matcher.Value.Split('|').All(values.Contains) : values.Contains(matcher.Value);
    }

    private Dictionary<string, HashSet<string>> Of(string metric)
    {
        if (!_series.TryGetValue(metric, out var labels))
        {
            _series[metric] = labels = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        }

        return labels;
    }

    private static void Add(Dictionary<string, HashSet<string>> labels, string name, string value)
    {
        if (!labels.TryGetValue(name, out var values))
        {
            labels[name] = values = new HashSet<string>(StringComparer.Ordinal);
        }

        values.Add(value);
    }

    [GeneratedRegex("^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Family();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][\w:]*)(\{(?<labels>.*)\})? \S+$""", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Sample();

    [GeneratedRegex("""(?<name>\w+)="(?<value>(?:[^"\\]|\\.)*)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Label();
}
