using k8s.Models;

namespace SpamGuard.IntegrationTests.Deployment.Manifests;

/// <summary>Whether a selector chooses what has labels.</summary>
internal static class Selector
{
    public static bool Chooses(IDictionary<string, string> selector, IDictionary<string, string> labels) =>
        selector.All(pair => labels.TryGetValue(pair.Key, out var value) && value == pair.Value);

    public static bool Chooses(V1LabelSelector selector, IDictionary<string, string> labels) =>
        Chooses(selector.MatchLabels ?? new Dictionary<string, string>(StringComparer.Ordinal), labels)
        && (selector.MatchExpressions ?? []).All(one => one.OperatorProperty == "In" && labels.TryGetValue(one.Key, out var value) && one.Values.Contains(value));
}
