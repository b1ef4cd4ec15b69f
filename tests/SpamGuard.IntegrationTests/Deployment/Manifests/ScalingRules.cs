using System.Globalization;
using k8s.Models;
using static SpamGuard.IntegrationTests.Deployment.Manifests.Selector;

namespace SpamGuard.IntegrationTests.Deployment.Manifests;

/// <summary>Our own rules for how many processes score, which no schema has.</summary>
internal static class ScalingRules
{
    /// <summary>What is wrong with an overlay's autoscaler and its budget for disruptions.</summary>
    /// <param name="overlay">The overlay.</param>
    /// <param name="fewest">How many processes there must be always: a zone may be lost while another process is drained.</param>
    public static IReadOnlyList<string> Faults(Overlay overlay, int fewest) =>
    [
        .. overlay.Ours.Where(static workload => workload.Component == "scoring").SelectMany(workload =>
            Budget([.. overlay.All<V1PodDisruptionBudget>().Where(budget => Chooses(budget.Spec.Selector, workload.Template.Metadata.Labels))])
            .Concat(Autoscaler([.. overlay.All<V2HorizontalPodAutoscaler>().Where(scaler => scaler.Spec.ScaleTargetRef.Name == workload.Name)], fewest))),
    ];

    private static IEnumerable<string> Budget(IReadOnlyList<V1PodDisruptionBudget> budgets)
    {
        if (budgets is not [{ Spec: { MaxUnavailable.Value: "1", MinAvailable: null } }])
        {
            yield return "a drain may take more than one process, or none at all";
        }
    }

    private static IEnumerable<string> Autoscaler(IReadOnlyList<V2HorizontalPodAutoscaler> scalers, int fewest)
    {
        if (scalers is not [{ Spec: var scaler }])
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{scalers.Count} autoscalers; allowed is one");
            yield break;
        }

        var least = scaler.MinReplicas ?? 1;
        if (least < fewest)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"minReplicas {least}; allowed are {fewest} and more");
        }

        if (scaler.MaxReplicas <= least)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"maxReplicas {scaler.MaxReplicas}; allowed is more than minReplicas");
        }

        if (scaler.Metrics is not [{ Resource: { Name: "cpu", Target: { Type: "Utilization", AverageUtilization: >= 1 and <= 100 } } }])
        {
            yield return "the target is no use of processors of 1 to 100 %"; // of what is reserved: above that nothing is
        }
    }
}
