using System.Text.Json;
using SpamGuard.IntegrationTests.Deployment.Manifests;

namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>The dashboards for Grafana, and the source that they are made of.</summary>
internal static class DashboardFiles
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<Dashboard> All { get; } = [.. Directory.GetFiles(Folder, "spamguard-*.json").Order(StringComparer.Ordinal).Select(static path => new Dashboard(path))];

    /// <summary>Every panel.</summary>
    public static IReadOnlyList<DashboardPanel> Panels { get; } = [.. All.SelectMany(static dashboard => dashboard.Panels)];

    /// <summary>Where they are.</summary>
    public static string Folder => Path.Combine(RuleFiles.Folder, "dashboards");

    /// <summary>What the source makes, by the file's name: checked against the types of Grafana first.</summary>
    /// <exception cref="InvalidOperationException">It does not fit them: with what the compiler says.</exception>
    public static IReadOnlyDictionary<string, string> Make()
    {
        var work = Path.Combine(Tool.NodeFolder, "dashboards"); // below the packages, which Node.js looks for upwards
        if (Directory.Exists(work))
        {
            Directory.Delete(work, recursive: true);
        }

        Directory.CreateDirectory(work);
        foreach (var path in Directory.GetFiles(Folder).Where(static path => Path.GetExtension(path) == ".mts" || Path.GetFileName(path) == "tsconfig.json"))
        {
            File.Copy(path, Path.Combine(work, Path.GetFileName(path)));
        }

        Tool.Run(work, Path.Combine(Tool.NodeFolder, "node_modules", ".bin", "tsc"), "-p", ".");
        return JsonSerializer.Deserialize<Dictionary<string, string>>(Tool.Run(work, "node", "made/write.mjs"))!;
    }
}
