using k8s.Models;
using static SpamGuard.IntegrationTests.Deployment.Manifests.Selector;

namespace SpamGuard.IntegrationTests.Deployment.Manifests;

/// <summary>Our own rules for who connects to whom, which no schema has.</summary>
internal static class NetworkRules
{
    private const string OfTheIngress = "transparency";

    // What others than callers connect to; every other port is for callers.
    private static readonly string[] NotForCallers = ["metrics", OfTheIngress];

    // Who may be any pod of a namespace that is named: an ingress, whose pods are labelled by whoever made it, and the page is for everybody.
    private static readonly (string Policy, string Port)[] AnyPod = [("spamguard-desk", OfTheIngress)];

    /// <summary>Which policies of an overlay let through more than they are for.</summary>
    public static IReadOnlyList<string> Faults(Overlay overlay) =>
    [
        .. overlay.All<V1NetworkPolicy>().SelectMany(policy =>
            (policy.Spec.Ingress ?? []).SelectMany(rule => Openings("from", rule.FromProperty ?? [], rule.Ports ?? [], policy).Concat(Strangers(overlay, policy, rule)))
            .Concat((policy.Spec.Egress ?? []).SelectMany(rule => Openings("to", rule.To ?? [], rule.Ports ?? [], policy)))
            .Select(fault => $"{policy.Metadata.Name}: {fault}")),
    ];

    private static IEnumerable<string> Openings(string direction, IList<V1NetworkPolicyPeer> peers, IList<V1NetworkPolicyPort> ports, V1NetworkPolicy policy)
    {
        if (peers.Count == 0)
        {
            yield return $"{direction} anybody";
        }

        if (ports.Count == 0 || ports.Any(static port => port.Port is null))
        {
            yield return $"{direction} a peer by any port";
        }

        foreach (var peer in peers)
        {
            if (peer.IpBlock is { } block)
            {
                if (block.Cidr.EndsWith("/0", StringComparison.Ordinal))
                {
                    yield return $"{direction} any address";
                }

                continue;
            }

            if (peer.NamespaceSelector is not null && IsOpen(peer.NamespaceSelector)) // where there is none it is the policy's own namespace
            {
                yield return $"{direction} any namespace";
            }

            if (IsOpen(peer.PodSelector) && !ports.All(port => AnyPod.Contains((policy.Metadata.Name, port.Port?.Value ?? ""))))
            {
                yield return $"{direction} any pod";
            }
        }
    }

    // A pod can label itself, and its namespace it can't.
    private static IEnumerable<string> Strangers(Overlay overlay, V1NetworkPolicy policy, V1NetworkPolicyIngressRule rule) =>
        rule.Ports is { Count: > 0 } ports && ports.All(static port => NotForCallers.Contains(port.Port?.Value, StringComparer.Ordinal))
            ? []
            : overlay.Ours
                .Where(workload => Chooses(policy.Spec.PodSelector, workload.Template.Metadata.Labels))
                .Where(workload => (rule.FromProperty ?? []).Any(peer => !Calls(peer.PodSelector, workload) || !Calls(peer.NamespaceSelector, workload)))
                .Select(static workload => $"{workload.Component} is called by pods that have not the label, or are in a namespace that has it not");

    private static bool Calls(V1LabelSelector? selector, Workload workload) =>
        selector?.MatchLabels is { } labels && labels.TryGetValue($"spamguard.example/calls-{workload.Component}", out var value) && value == "true";

    private static bool IsOpen(V1LabelSelector? selector) =>
        selector is not { MatchLabels.Count: > 0 } && !(selector?.MatchExpressions ?? []).Any(static one => one.OperatorProperty == "In");
}
