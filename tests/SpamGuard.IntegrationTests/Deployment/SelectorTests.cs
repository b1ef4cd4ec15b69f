using System.Globalization;
using k8s.Models;
using SpamGuard.IntegrationTests.Deployment.Manifests;
using SpamGuard.Testing;
using static SpamGuard.IntegrationTests.Deployment.Manifests.Selector;

namespace SpamGuard.IntegrationTests.Deployment;

/// <summary>Whatever chooses by labels, names or ports chooses something.</summary>
public sealed class SelectorTests
{
    public static TheoryData<string> Overlays => [.. Overlay.Names];

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Workloads_Selectors_ChooseTheirOwnPodsOnly(string name)
    {
        var workloads = Overlay.Of(name).Workloads;
        Assert.All(workloads, workload => Assert.Equal([workload], workloads.Where(other => Chooses(workload.Selector, other.Template.Metadata.Labels))));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Workloads_Labels_SayWhatTheyAre(string name) => Assert.All(Overlay.Of(name).Workloads, static workload =>
    {
        var labels = workload.Template.Metadata.Labels;
        Assert.Equal(("spamguard", "spamguard"), (labels["app.kubernetes.io/name"], labels["app.kubernetes.io/part-of"]));
        Assert.Contains(workload.Component, (string[])["scoring", "desk", "auditor", "redis"]);
    });

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Services_SelectorsAndPorts_LeadToOneWorkload(string name) => Assert.All(Overlay.Of(name).All<V1Service>(), service =>
    {
        var workload = Assert.Single(Overlay.Of(name).Workloads, workload => Chooses(service.Spec.Selector, workload.Template.Metadata.Labels));
        Assert.All(service.Spec.Ports, port => Assert.Contains(port.TargetPort.Value, workload.Container.Ports.Select(static one => one.Name)));
        Assert.All(service.Spec.Ports, static port => Assert.Equal(port.Name, port.TargetPort.Value));
        Assert.DoesNotContain("health", service.Spec.Ports.Select(static port => port.Name));
    });

    // Twice would be counted twice. And what a pod says while it is not ready is why: an alert on that must not end by it.
    [Theory]
    [MemberData(nameof(Overlays))]
    public void Services_Metrics_AreOfferedOnceForEveryProcessOfOursWhenUnreadyToo(string name) => Assert.All(Overlay.Of(name).Ours, workload =>
    {
        var service = Assert.Single(
            Overlay.Of(name).All<V1Service>(),
            service => Chooses(service.Spec.Selector, workload.Template.Metadata.Labels) && service.Spec.Ports.Any(static port => port.Name == "metrics"));
        Assert.Equal(($"{workload.Name}-metrics", "None", true), (service.Metadata.Name, service.Spec.ClusterIP, service.Spec.PublishNotReadyAddresses));
        Assert.Single(service.Spec.Ports); // whoever else goes by a Service wants pods that are ready
    });

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Services_ForCallers_LeadToPodsThatAreReady(string name) => Assert.All(
        Overlay.Of(name).All<V1Service>().Where(static service => service.Spec.Ports.Any(static port => port.Name != "metrics")),
        static service => Assert.NotEqual(true, service.Spec.PublishNotReadyAddresses));

    [Theory]
    [MemberData(nameof(Overlays))]
    public void BudgetAndAutoscaler_Targets_AreThere(string name)
    {
        var overlay = Overlay.Of(name);
        Assert.All(overlay.All<V1PodDisruptionBudget>(), budget => Assert.Single(overlay.Workloads, workload => Chooses(budget.Spec.Selector, workload.Template.Metadata.Labels)));
        Assert.All(overlay.All<V2HorizontalPodAutoscaler>(), scaler => Assert.Single(
            overlay.All<V1Deployment>(), one => (one.Kind, one.Metadata.Name) == (scaler.Spec.ScaleTargetRef.Kind, scaler.Spec.ScaleTargetRef.Name)));
        Assert.All(overlay.All<V1StatefulSet>(), set => Assert.Single(overlay.All<V1Service>(), service => service.Metadata.Name == set.Spec.ServiceName));
        Assert.All(overlay.All<V1Deployment>().SelectMany(static one => one.Spec.Template.Spec.TopologySpreadConstraints ?? []), spread => Assert.Single(
            overlay.Workloads, workload => Chooses(spread.LabelSelector, workload.Template.Metadata.Labels)));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void NetworkPolicies_Selectors_ChoosePodsAndPortsThatAreThere(string name)
    {
        var overlay = Overlay.Of(name);
        Assert.All(overlay.All<V1NetworkPolicy>(), policy =>
        {
            var chosen = overlay.Workloads.Where(workload => Chooses(policy.Spec.PodSelector, workload.Template.Metadata.Labels)).ToList();
            Assert.NotEmpty(chosen);
            Assert.All((policy.Spec.Ingress ?? []).SelectMany(static rule => rule.Ports ?? []), port =>
                Assert.All(chosen, workload => Assert.Contains(port.Port.Value, workload.Container.Ports.Select(static one => one.Name))));
            Assert.All(Peers(policy).Where(static peer => peer is { PodSelector: not null, NamespaceSelector: null }), peer =>
                Assert.Contains(overlay.Workloads, workload => Chooses(peer.PodSelector, workload.Template.Metadata.Labels)));
        });
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void NetworkPolicies_Default_IsThatNobodyConnects(string name)
    {
        var deny = Assert.Single(Overlay.Of(name).All<V1NetworkPolicy>(), static policy => policy.Spec.PodSelector is { MatchLabels: null, MatchExpressions: null });
        Assert.Equal(["Egress", "Ingress"], deny.Spec.PolicyTypes.Order(StringComparer.Ordinal));
        Assert.True(deny.Spec is { Ingress: null, Egress: null });
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void NetworkPolicies_EveryListener_HasItsCallers(string name)
    {
        var policies = Overlay.Of(name).All<V1NetworkPolicy>().ToList();
        Assert.All(Overlay.Of(name).Workloads.Where(static one => one.Component != "auditor"), workload =>
        {
            var reached = policies.Where(policy => Chooses(policy.Spec.PodSelector, workload.Template.Metadata.Labels))
                .SelectMany(static policy => policy.Spec.Ingress ?? []).SelectMany(static rule => rule.Ports).Select(static port => port.Port.Value);
            Assert.Equal(workload.Container.Ports.Select(static port => port.Name).Where(static port => port != "health").Order(StringComparer.Ordinal), reached.Order(StringComparer.Ordinal));
        });
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Certificates_Names_AreThoseOfTheServices(string name)
    {
        var overlay = Overlay.Of(name);
        var names = overlay.All<CertificateManifest>().Where(static one => one.Spec.Usages.Contains("server auth", StringComparer.Ordinal)).SelectMany(static one => one.Spec.DnsNames).ToList();
        var called = overlay.All<V1Service>().Where(static service => service.Spec.Ports.Any(static port => port.Name is "grpc" or "http" or "redis"));
        Assert.All(called, service => Assert.All(
            (string[])["", $".{service.Metadata.NamespaceProperty}", $".{service.Metadata.NamespaceProperty}.svc", $".{service.Metadata.NamespaceProperty}.svc.cluster.local"],
            end => Assert.Contains(service.Metadata.Name + end, names)));
    }

    // Redis reads its certificate at its start only: a pod has what was left of it then, until somebody restarts it as the guide says.
    [Fact]
    public void Certificate_OfTheDevelopmentRedis_OutlastsItsPodsByMonthsAndTheGuideHasTheRestart()
    {
        var overlay = Overlay.Of("dev");
        var redis = overlay.Workloads.Single(static one => one.Component == "redis");
        var certificate = overlay.All<CertificateManifest>().Single(static one => one.Metadata.Name == "spamguard-redis-server").Spec;

        Assert.InRange(int.Parse(certificate.RenewBefore.TrimEnd('h'), CultureInfo.InvariantCulture), 270 * 24, int.MaxValue);
        Assert.Contains($"`kubectl -n spamguard rollout restart deployment/{redis.Name}`", File.ReadAllText(Path.Combine(RepositoryRoot.Folder, "k8s", "OPERATIONS.md")), StringComparison.Ordinal);
    }

    private static IEnumerable<V1NetworkPolicyPeer> Peers(V1NetworkPolicy policy) =>
        (policy.Spec.Ingress ?? []).SelectMany(static rule => rule.FromProperty).Concat((policy.Spec.Egress ?? []).SelectMany(static rule => rule.To));
}
