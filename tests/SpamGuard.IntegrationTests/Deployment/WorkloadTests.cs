using k8s.Models;
using SpamGuard.IntegrationTests.Deployment.Manifests;

namespace SpamGuard.IntegrationTests.Deployment;

/// <summary>Every pod is as narrow as it can be, and has what it needs reserved.</summary>
public sealed class WorkloadTests
{
    public static TheoryData<string, string> Workloads => Overlay.Rows(static overlay => overlay.Workloads);

    public static TheoryData<string> Overlays => [.. Overlay.Names];

    [Theory]
    [MemberData(nameof(Workloads))]
    public void Pod_Rights_AreThoseOfRestrictedPodsAndNoMore(string overlay, string name) => PodRules.AssertRights(Find(overlay, name).Template.Spec);

    [Theory]
    [MemberData(nameof(Workloads))]
    public void Pod_Resources_AreMemoryReservedAndLimitedAndCpuReservedOnly(string overlay, string name) => PodRules.AssertResources(Find(overlay, name).Template.Spec);

    [Theory]
    [MemberData(nameof(Workloads))]
    public void Pod_Image_IsOfAVersion(string overlay, string name) => PodRules.AssertImage(Find(overlay, name).Template.Spec);

    [Theory]
    [MemberData(nameof(Workloads))]
    public void Pod_Probes_AreAllThereAndNeedNoCertificate(string overlay, string name)
    {
        var workload = Find(overlay, name);
        V1Probe[] probes = [workload.Container.StartupProbe, workload.Container.LivenessProbe, workload.Container.ReadinessProbe];
        Assert.All(probes, Assert.NotNull);
        if (workload.IsOurs)
        {
            // That there is such a path is seen where the pod is started.
            Assert.All(probes, static probe => Assert.Equal("health", probe.HttpGet.Port.Value));
            Assert.Equal(["/livez", "/livez", "/readyz"], probes.Select(static probe => probe.HttpGet.Path));
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Ours_UserAndTimeToEnd_AreThoseOfImageAndServer(string name) => Assert.All(Overlay.Of(name).Ours, static workload =>
    {
        var pod = workload.Template.Spec;
        Assert.Equal((1654L, 1654L, 1654L), (pod.SecurityContext.RunAsUser, pod.SecurityContext.RunAsGroup, pod.SecurityContext.FsGroup));
        Assert.Equal(45, pod.TerminationGracePeriodSeconds); // the server ends in 25 s at most
    });

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Namespace_Pods_MustBeRestricted(string name) => Assert.Equal(
        "restricted", Assert.Single(Overlay.Of(name).All<V1Namespace>()).Metadata.Labels["pod-security.kubernetes.io/enforce"]);

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Scoring_Rollout_TakesNoProcessAwayBeforeItsSuccessorIsReady(string name)
    {
        var scoring = Overlay.Of(name).All<V1Deployment>().Single(static one => one.Metadata.Name == "spamguard").Spec;
        Assert.Equal("0", scoring.Strategy.RollingUpdate.MaxUnavailable.Value);
        Assert.Null(scoring.Replicas); // else every apply undoes what the autoscaler did
        Assert.Equal(["topology.kubernetes.io/zone", "kubernetes.io/hostname"], scoring.Template.Spec.TopologySpreadConstraints.Select(static one => one.TopologyKey));

        var scaler = Assert.Single(Overlay.Of(name).All<V2HorizontalPodAutoscaler>()).Spec;
        Assert.True(scaler.Behavior.ScaleDown.StabilizationWindowSeconds >= 600);
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Desk_Processes_AreNeverTwo(string name)
    {
        var desk = Assert.Single(Overlay.Of(name).All<V1StatefulSet>());
        Assert.Equal("Parallel", desk.Spec.PodManagementPolicy); // else a revision that never becomes ready stays, whatever is applied after it
        Assert.Equal((1, "Retain", "Retain"), (desk.Spec.Replicas, desk.Spec.PersistentVolumeClaimRetentionPolicy.WhenDeleted, desk.Spec.PersistentVolumeClaimRetentionPolicy.WhenScaled));
        Assert.All(Overlay.Of(name).All<V1Deployment>().Where(static one => one.Metadata.Name != "spamguard"), static one => Assert.Equal("Recreate", one.Spec.Strategy.Type));
    }

    private static Workload Find(string overlay, string name) => Overlay.Of(overlay).Workloads.Single(workload => workload.Name == name);
}
