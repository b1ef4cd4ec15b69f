using k8s;
using k8s.Models;

namespace SpamGuard.IntegrationTests.Deployment.Manifests;

/// <summary>A certificate that cert-manager is asked for: of its fields those that are used here, so that one that is misspelt is unknown.</summary>
public sealed class CertificateManifest : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public CertificateSpec Spec { get; set; } = new();
}

/// <summary>What is in it, and who signs it.</summary>
public sealed class CertificateSpec
{
    public bool IsCA { get; set; }

    public string? CommonName { get; set; }

    public string SecretName { get; set; } = "";

    public string Duration { get; set; } = "";

    public string RenewBefore { get; set; } = "";

    public PrivateKeySpec PrivateKey { get; set; } = new();

    public IList<string> Usages { get; set; } = [];

    public IList<string> DnsNames { get; set; } = [];

    public IList<string> Uris { get; set; } = [];

    public IssuerReference IssuerRef { get; set; } = new();
}

/// <summary>The key that it is for.</summary>
public sealed class PrivateKeySpec
{
    public string Algorithm { get; set; } = "";

    public int Size { get; set; }

    public string RotationPolicy { get; set; } = "";
}

/// <summary>Who signs.</summary>
public sealed class IssuerReference
{
    public string Name { get; set; } = "";

    public string Kind { get; set; } = "";
}
