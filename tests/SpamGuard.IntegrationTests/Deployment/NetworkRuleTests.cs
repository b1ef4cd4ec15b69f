using SpamGuard.IntegrationTests.Deployment.Manifests;

namespace SpamGuard.IntegrationTests.Deployment;

/// <summary>Who is let through is who is meant, and an opening is found.</summary>
public sealed class NetworkRuleTests
{
    private const string Everybody = "components/networkpolicy/everybody.yaml";
    private const string Scoring = "components/networkpolicy/scoring.yaml";
    private const string Desk = "components/networkpolicy/desk.yaml";
    private const string Label = """{spamguard.example/calls-scoring: "true"}""";
    private const string Namespaces = "- namespaceSelector:\n            matchLabels: " + Label + "\n          ";
    private const string Pods = "podSelector:\n            matchLabels: " + Label;
    private const string Called = "scoring is called by pods that have not the label, or are in a namespace that has it not";

    public static TheoryData<string> Overlays => [.. Overlay.Names];

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Policies_AsTheyAre_LetThroughWhoIsMeant(string name) => Assert.Empty(NetworkRules.Faults(Overlay.Of(name)));

    [Theory]
    [InlineData(Scoring, Label, "{}", "spamguard-scoring: from any namespace", "spamguard-scoring: from any pod", "spamguard-scoring: " + Called)]
    [InlineData(Scoring, "\n          " + Pods, "", "spamguard-scoring: from any pod", "spamguard-scoring: " + Called)]
    [InlineData(Scoring, Namespaces + Pods, "- " + Pods, "spamguard-scoring: " + Called)] // its own namespace, where a label is all that it takes
    [InlineData(Scoring, Namespaces + Pods, Namespaces + "\n        - " + Pods, "spamguard-scoring: from any pod", "spamguard-scoring: " + Called)] // one or the other
    [InlineData(Scoring, Label, "{team: web}", "spamguard-scoring: " + Called)]
    [InlineData(Scoring, Namespaces + Pods, "- ipBlock: {cidr: 0.0.0.0/0}", "spamguard-scoring: from any address", "spamguard-scoring: " + Called)]
    [InlineData(Everybody, "{kubernetes.io/metadata.name: monitoring}", "{}", "spamguard-metrics: from any namespace")]
    [InlineData(Everybody, "{app.kubernetes.io/name: prometheus}", "{}", "spamguard-metrics: from any pod")]
    [InlineData(Everybody, "{kubernetes.io/metadata.name: kube-system}", "{}", "spamguard-names: to any namespace")]
    [InlineData(Everybody, "\n        - {protocol: UDP, port: 53}\n        - {protocol: TCP, port: 53}", " []", "spamguard-names: to a peer by any port")]
    [InlineData(Desk, "{kubernetes.io/metadata.name: ingress}", "{}", "spamguard-desk: from any namespace")]
    public void Policies_PlantedOpening_IsReported(string file, string text, string planted, params string[] faults) => Assert.Equal(
        faults, NetworkRules.Faults(Overlay.Changed("production", file, before => before.Replace(text, planted, StringComparison.Ordinal))));

    [Fact]
    public void Policies_PlantedRuleForEverybody_IsReported() => Assert.Equal(
        ["spamguard-desk: from anybody", "spamguard-desk: from a peer by any port"],
        NetworkRules.Faults(Overlay.Changed("production", Desk, static before => before + "    - {}\n")));
}
