using k8s.Models;

namespace SpamGuard.IntegrationTests.Deployment.Manifests;

/// <summary>Our own rules for pods, which no schema has.</summary>
internal static class PodRules
{
    /// <summary>It has the rights of the restricted Pod Security Standard and none beside them.</summary>
    public static void AssertRights(V1PodSpec pod)
    {
        Assert.Equal((true, "RuntimeDefault"), (pod.SecurityContext.RunAsNonRoot, pod.SecurityContext.SeccompProfile.Type));
        Assert.True(pod.SecurityContext is { RunAsUser: > 0, RunAsGroup: > 0, FsGroup: > 0 });
        Assert.Equal("spamguard", pod.ServiceAccountName);
        Assert.False(pod.AutomountServiceAccountToken);
        Assert.False(pod.EnableServiceLinks);
        Assert.Null(pod.InitContainers);
        Assert.NotEqual(true, pod.HostNetwork);
        Assert.NotEqual(true, pod.HostPID);
        Assert.NotEqual(true, pod.HostIPC);
        Assert.All(pod.Volumes, static volume => Assert.True(volume is { HostPath: null, EmptyDir: null }, volume.Name));

        var container = pod.Containers.Single();
        Assert.Equal((false, true), (container.SecurityContext.AllowPrivilegeEscalation, container.SecurityContext.ReadOnlyRootFilesystem));
        Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
        Assert.Null(container.SecurityContext.Capabilities.Add);
        Assert.True(container.SecurityContext is { Privileged: null, RunAsUser: null, RunAsNonRoot: null, SeccompProfile: null }, "what the pod says is overruled");
    }

    /// <summary>Its memory is reserved and limited, and its processor time reserved only: what is throttled answers late.</summary>
    public static void AssertResources(V1PodSpec pod)
    {
        var resources = pod.Containers.Single().Resources;

        Assert.Equal(["cpu", "memory"], resources.Requests.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["memory"], resources.Limits.Keys);
        Assert.Equal(resources.Requests["memory"].ToDecimal(), resources.Limits["memory"].ToDecimal());
    }

    /// <summary>Its image is of a version.</summary>
    public static void AssertImage(V1PodSpec pod)
    {
        var image = pod.Containers.Single().Image;
        Assert.Contains(":", image, StringComparison.Ordinal);
        Assert.False(image.EndsWith(":latest", StringComparison.Ordinal), image);
    }
}
