using System.Text.RegularExpressions;
using k8s.Models;

namespace SpamGuard.IntegrationTests.Deployment.Manifests;

/// <summary>A Deployment or a StatefulSet.</summary>
internal sealed partial record Workload(string Name, V1LabelSelector Selector, V1PodTemplateSpec Template, IReadOnlyList<V1PersistentVolumeClaim> Claims)
{
    /// <summary>The label that says which it is.</summary>
    public string Component => Template.Metadata.Labels["app.kubernetes.io/component"];

    /// <summary>Whether it runs our image.</summary>
    public bool IsOurs => Component is "scoring" or "desk" or "auditor";

    /// <summary>Its one container.</summary>
    public V1Container Container => Template.Spec.Containers.Single();

    /// <summary>The Secrets that it mounts, without the hash that kustomize puts behind a name.</summary>
    public IEnumerable<string> Secrets => Template.Spec.Volumes
        .SelectMany(static volume => volume.Projected?.Sources.Select(static source => source.Secret.Name) ?? [volume.Secret?.SecretName])
        .OfType<string>().Select(static secret => Hash().Replace(secret, "")).Order(StringComparer.Ordinal);

    public static Workload Of(V1Deployment deployment) =>
        new(deployment.Metadata.Name, deployment.Spec.Selector, deployment.Spec.Template, []);

    public static Workload Of(V1StatefulSet set) =>
        new(set.Metadata.Name, set.Spec.Selector, set.Spec.Template, [.. set.Spec.VolumeClaimTemplates]);

    public override string ToString() => Name;

    [GeneratedRegex("-[0-9a-z]{10}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hash();
}
