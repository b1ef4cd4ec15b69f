using SpamGuard.IntegrationTests.Deployment.Manifests;

namespace SpamGuard.IntegrationTests.Deployment;

/// <summary>There are processes enough that score, whatever is drained or lost, and a setting that would leave fewer is found.</summary>
public sealed class ScalingRuleTests
{
    private const string Budget = "base/disruptionbudget.yaml";
    private const string Autoscaler = "base/autoscaler.yaml";
    private const string Drain = "a drain may take more than one process, or none at all";
    private const string Target = "the target is no use of processors of 1 to 100 %";

    [Theory]
    [InlineData("production", 3)] // a zone is lost, another process is drained, and one is left
    [InlineData("dev", 2)]
    public void Scaling_AsItIs_LeavesEnough(string name, int fewest) => Assert.Empty(ScalingRules.Faults(Overlay.Of(name), fewest));

    [Theory]
    [InlineData(Budget, "maxUnavailable: 1", "maxUnavailable: 100%", Drain)]
    [InlineData(Budget, "maxUnavailable: 1", "maxUnavailable: 2", Drain)]
    [InlineData(Budget, "maxUnavailable: 1", "minAvailable: 1", Drain)]
    [InlineData(Budget, "component: scoring", "component: desk", Drain)]
    [InlineData(Autoscaler, "averageUtilization: 60", "averageUtilization: 600", Target)]
    [InlineData(Autoscaler, "averageUtilization: 60", "averageUtilization: 0", Target)]
    [InlineData(Autoscaler, "minReplicas: 3", "minReplicas: 2", "minReplicas 2; allowed are 3 and more")]
    [InlineData(Autoscaler, "  minReplicas: 3\n", "", "minReplicas 1; allowed are 3 and more")]
    [InlineData(Autoscaler, "maxReplicas: 12", "maxReplicas: 3", "maxReplicas 3; allowed is more than minReplicas")]
    [InlineData(Autoscaler, "    name: spamguard\n  minReplicas", "    name: another\n  minReplicas", "0 autoscalers; allowed is one")]
    public void Scaling_PlantedOpening_IsReported(string file, string text, string planted, string fault) => Assert.Equal(
        [fault], ScalingRules.Faults(Overlay.Changed("production", file, before => before.Replace(text, planted, StringComparison.Ordinal)), fewest: 3));
}
