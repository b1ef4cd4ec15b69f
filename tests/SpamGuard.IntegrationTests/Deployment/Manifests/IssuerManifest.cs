using k8s;
using k8s.Models;

namespace SpamGuard.IntegrationTests.Deployment.Manifests;

/// <summary>Who signs certificates for cert-manager.</summary>
public sealed class IssuerManifest : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public IssuerSpec Spec { get; set; } = new();
}

/// <summary>By itself, or by the authority of a Secret.</summary>
public sealed class IssuerSpec
{
    public SelfSignedIssuer? SelfSigned { get; set; }

    public AuthorityIssuer? Ca { get; set; }
}

/// <summary>Has nothing to be told.</summary>
public sealed class SelfSignedIssuer;

/// <summary>Signs by the key of an authority.</summary>
public sealed class AuthorityIssuer
{
    public string SecretName { get; set; } = "";
}
