using System.Text;
using k8s.Models;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment.Manifests;

/// <summary>The files of a pod, in a folder of this machine, mounted as the kubelet does it: ConfigMaps and Secrets by links that are turned at once.</summary>
internal sealed class PodFiles : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("spamguard-pod-");

    /// <summary>Lays out what a workload mounts.</summary>
    /// <param name="overlay">Holds its ConfigMaps.</param>
    /// <param name="workload">The one.</param>
    /// <param name="secret">What is in a Secret, by file.</param>
    public PodFiles(Overlay overlay, Workload workload, Func<string, IReadOnlyDictionary<string, byte[]>> secret)
    {
        IReadOnlyDictionary<string, byte[]> Map(string name) => overlay.ConfigMap(name).ToDictionary(static pair => pair.Key, static pair => Encoding.UTF8.GetBytes(pair.Value), StringComparer.Ordinal);

        foreach (var mount in workload.Container.VolumeMounts)
        {
            var folder = Directory.CreateDirectory(PathOf(mount.MountPath)).FullName;
            if (workload.Claims.Any(claim => claim.Metadata.Name == mount.Name))
            {
                continue; // a disk that is empty at first
            }

            var volume = workload.Template.Spec.Volumes.Single(volume => volume.Name == mount.Name);
            Project(folder, volume switch
            {
                { ConfigMap: { } map } => Map(map.Name),
                { Secret: { } one } => secret(one.SecretName),
                _ => volume.Projected.Sources.SelectMany(source => Chosen(secret(source.Secret.Name), source.Secret.Items)).ToDictionary(StringComparer.Ordinal),
            });
        }
    }

    /// <summary>Where a path of the pod is here.</summary>
    public string PathOf(string path) => _root.FullName + path;

    /// <summary>What the container is told, with its paths as they are here.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Map(IReadOnlyDictionary<string, string> environment) => environment
        .Select(pair => KeyValuePair.Create(pair.Key, (string?)(pair.Value.StartsWith('/') ? PathOf(pair.Value) : pair.Value)));

    public void Dispose() => _root.Delete(recursive: true);

    private static IEnumerable<KeyValuePair<string, byte[]>> Chosen(IReadOnlyDictionary<string, byte[]> files, IList<V1KeyToPath>? items) =>
        items is null ? files : items.Select(item => KeyValuePair.Create(item.Path, files[item.Key]));

    private static void Project(string folder, IReadOnlyDictionary<string, byte[]> files)
    {
        Directory.CreateDirectory(Path.Combine(folder, "..first"));
        foreach (var (name, content) in files)
        {
            File.WriteAllBytes(Path.Combine(folder, "..first", name), content);
            File.CreateSymbolicLink(Path.Combine(folder, name), Path.Combine("..data", name));
        }

        ProjectedVolume.Turn(folder, "..first");
    }
}
