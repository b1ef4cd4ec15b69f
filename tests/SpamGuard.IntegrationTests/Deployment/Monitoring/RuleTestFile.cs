namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>A file of promtool's tests. What is no field of these is an exception.</summary>
public sealed class RuleTestFile
{
    public IList<string> RuleFiles { get; init; } = [];

    public string EvaluationInterval { get; init; } = "";

    public IList<RuleTest> Tests { get; init; } = [];
}

/// <summary>Series, and what the alerts are to say of them.</summary>
public sealed class RuleTest
{
    public string Name { get; init; } = "";

    public string Interval { get; init; } = "";

    public IList<Dictionary<string, string>> InputSeries { get; init; } = [];

    public IList<AlertCase> AlertRuleTest { get; init; } = [];
}

/// <summary>All that fires of an alert at a time.</summary>
public sealed class AlertCase
{
    public string EvalTime { get; init; } = "";

    public string Alertname { get; init; } = "";

    public IList<ExpectedAlert> ExpAlerts { get; init; } = [];
}

/// <summary>One that fires.</summary>
public sealed class ExpectedAlert
{
    public IDictionary<string, string> ExpLabels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public IDictionary<string, string> ExpAnnotations { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
