using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>The rules as they are, on a clock that runs faster: every duration is divided, and how long the store may be away, which is a number of seconds.</summary>
internal static partial class ScaledRules
{
    private static readonly ISerializer Yaml = new SerializerBuilder()
        .WithNamingConvention(UnderscoredNamingConvention.Instance)
        .ConfigureDefaultValuesHandling(DefaultValuesHandling.OmitNull | DefaultValuesHandling.OmitEmptyCollections)
        .Build();

    /// <summary>All of them in one file, a group each file.</summary>
    public static string Text(int divisor) => Yaml.Serialize(new RuleFile
    {
        Groups =
        [
            .. RuleFiles.Groups.Select(group => new RuleGroup
            {
                Name = group.Name,
                Rules =
                [
                    .. group.Rules.Select(rule => new Rule
                    {
                        Alert = rule.Alert,
                        Record = rule.Record,
                        Expr = Scale(rule.Expr, divisor),
                        For = rule.For is null ? null : Scale(rule.For, divisor),
                        KeepFiringFor = rule.KeepFiringFor is null ? null : Scale(rule.KeepFiringFor, divisor),
                        Labels = rule.Labels,
                        Annotations = rule.Annotations,
                    }),
                ],
            }),
        ],
    });

    /// <summary>An expression, or a duration by itself.</summary>
    public static string Scale(string expression, int divisor)
    {
        var scaled = Duration().Replace(expression, match => string.Create(CultureInfo.InvariantCulture, $"{Seconds(match) * 1000 / divisor}ms"));
        return OutageLimit().Replace(scaled, match => string.Create(CultureInfo.InvariantCulture, $"{match.Groups["left"].Value}{double.Parse(match.Groups["limit"].Value, CultureInfo.InvariantCulture) / divisor}"));
    }

    private static long Seconds(Match duration) => long.Parse(duration.Groups["number"].Value, CultureInfo.InvariantCulture) * duration.Groups["unit"].Value switch
    {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        var unit => throw new FormatException($"{unit} is a unit that no rule has had yet."),
    };

    // Names of records end in a duration, too: ratio_rate5m.
    [GeneratedRegex(@"(?<![\w.])(?<number>[0-9]+)(?<unit>ms|[smhdwy])\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Duration();

    [GeneratedRegex(@"(?<left>spamguard_store_outage_seconds\) > )(?<limit>[0-9]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex OutageLimit();
}
