using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment.Manifests;

/// <summary>What an overlay of <c>k8s/overlays</c> renders to, as objects: a field that Kubernetes does not know, or of another type, is an exception.</summary>
internal sealed class Overlay
{
    private static readonly ConcurrentDictionary<string, Lazy<Overlay>> Rendered = new(StringComparer.Ordinal);

    private static readonly Dictionary<string, Type> OtherKinds = new(StringComparer.Ordinal)
    {
        ["cert-manager.io/v1/Certificate"] = typeof(CertificateManifest),
        ["cert-manager.io/v1/Issuer"] = typeof(IssuerManifest),
    };

    private readonly IReadOnlyList<object> _objects; // but for those of Prometheus' operator, which the schemas of npm know, and tests of their own

    private Overlay(string text)
    {
        Text = text;
        _objects = KubernetesYaml.LoadAllFromString(
            string.Join("\n---\n", text.Split("\n---\n").Where(static one => !one.Contains("apiVersion: monitoring.coreos.com/", StringComparison.Ordinal))), OtherKinds, strict: true);
    }

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetDirectories(Path.Combine(RepositoryRoot.Folder, "k8s", "overlays")).Select(static folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    /// <summary>As YAML.</summary>
    public string Text { get; }

    public IReadOnlyList<Workload> Workloads => [.. All<V1Deployment>().Select(Workload.Of), .. All<V1StatefulSet>().Select(Workload.Of)];

    /// <summary>Those that run our image.</summary>
    public IReadOnlyList<Workload> Ours => [.. Workloads.Where(static one => one.IsOurs)];

    /// <summary>An overlay, rendered once in a run.</summary>
    public static Overlay Of(string name) => Rendered.GetOrAdd(name, static name => new Lazy<Overlay>(() => new Overlay(Render(name)))).Value;

    /// <summary>An overlay as it would be if one of the files of <c>k8s</c> were another.</summary>
    /// <param name="name">The overlay.</param>
    /// <param name="file">The file, by its path below <c>k8s</c>.</param>
    /// <param name="change">Makes its text another.</param>
    public static Overlay Changed(string name, string file, Func<string, string> change) => new(Render(name, copied: folder =>
    {
        var path = Path.Combine(folder, file);
        var (before, after) = (File.ReadAllText(path), change(File.ReadAllText(path)));
        Assert.NotEqual(before, after);
        File.WriteAllText(path, after);
    }));

    /// <summary>For a theory: the name of each overlay with the name of each of some of its workloads.</summary>
    public static TheoryData<string, string> Rows(Func<Overlay, IReadOnlyList<Workload>> workloads)
    {
        var rows = new TheoryData<string, string>();
        foreach (var (overlay, workload) in Names.SelectMany(name => workloads(Of(name)).Select(workload => (name, workload.Name))))
        {
            rows.Add(overlay, workload);
        }

        return rows;
    }

    public IEnumerable<T> All<T>() => _objects.OfType<T>();

    /// <summary>What is in a ConfigMap, by file or key.</summary>
    public IReadOnlyDictionary<string, string> ConfigMap(string name) =>
        All<V1ConfigMap>().Single(map => map.Metadata.Name == name).Data.ToDictionary(StringComparer.Ordinal);

    /// <summary>What the container of a workload is told, as the kubelet puts it together: the last of a name counts.</summary>
    public IReadOnlyDictionary<string, string> EnvironmentOf(Workload workload)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in (workload.Container.EnvFrom ?? []).SelectMany(source => ConfigMap(source.ConfigMapRef.Name))
            .Concat((workload.Container.Env ?? []).Select(static variable => KeyValuePair.Create(variable.Name, variable.Value))))
        {
            all[key] = value;
        }

        return all;
    }

    /// <summary>Renders one in a copy of <c>k8s</c>.</summary>
    /// <param name="name">The overlay.</param>
    /// <param name="makesSecrets">Whether its own script for secrets, where it has one, is run first, as a person does.</param>
    /// <param name="copied">What is done to the copy before.</param>
    public static string Render(string name, bool makesSecrets = true, Action<string>? copied = null)
    {
        var copy = Directory.CreateTempSubdirectory("spamguard-k8s-");
        try
        {
            var source = Path.Combine(RepositoryRoot.Folder, "k8s");
            foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
            {
                var path = Path.GetRelativePath(source, file);
                if (!path.Contains($"{Path.DirectorySeparatorChar}secrets{Path.DirectorySeparatorChar}", StringComparison.Ordinal)) // a person's own
                {
                    var target = Path.Combine(copy.FullName, path);
                    Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                    File.Copy(file, target);
                }
            }

            copied?.Invoke(copy.FullName);
            var folder = Path.Combine(copy.FullName, "overlays", name);
            if (makesSecrets && File.Exists(Path.Combine(folder, "make-secrets")))
            {
                Tool.Run(folder, "bash", "make-secrets");
            }

            return Tool.Kustomize(folder);
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }
}
