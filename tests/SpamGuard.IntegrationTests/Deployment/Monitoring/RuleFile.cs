namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>A file of rules, as Prometheus reads it. What is no field of these is an exception.</summary>
public sealed class RuleFile
{
    public IList<RuleGroup> Groups { get; init; } = [];
}

/// <summary>Rules that are evaluated one after the other.</summary>
public sealed class RuleGroup
{
    public string Name { get; init; } = "";

    public IList<Rule> Rules { get; init; } = [];
}

/// <summary>One that records, or one that alerts.</summary>
public sealed class Rule
{
    public string? Alert { get; init; }

    public string? Record { get; init; }

    public string Expr { get; init; } = "";

    public string? For { get; init; }

    public string? KeepFiringFor { get; init; }

    public IDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public IDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public override string ToString() => Labels.TryGetValue("window", out var window) ? $"{Alert ?? Record} ({window})" : Alert ?? Record ?? "";
}
