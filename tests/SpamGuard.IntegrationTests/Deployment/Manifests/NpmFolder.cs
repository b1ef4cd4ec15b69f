using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment.Manifests;

/// <summary>Packages of npm in versions of their own, in a folder of <c>.tools/</c>, which git ignores. Installed when first asked for.</summary>
/// <param name="name">The folder.</param>
/// <param name="packages">Names and versions.</param>
internal sealed class NpmFolder(string name, params string[] packages)
{
    private readonly Lock _installing = new();
    private bool _isInstalled;

    /// <summary>The folder in which Node.js finds the packages.</summary>
    /// <exception cref="InvalidOperationException">They are neither here nor to be had.</exception>
    public string Path
    {
        get
        {
            var folder = System.IO.Path.Combine(RepositoryRoot.Folder, ".tools", name);
            lock (_installing)
            {
                if (!_isInstalled)
                {
                    Install(folder);
                    _isInstalled = true;
                }
            }

            return folder;
        }
    }

    private void Install(string folder)
    {
        var done = System.IO.Path.Combine(folder, "installed.txt");
        var wanted = string.Join('\n', packages);
        if (!File.Exists(done) || File.ReadAllText(done) != wanted)
        {
            Directory.CreateDirectory(folder);
            Tool.Run(folder, "npm", ["install", "--silent", "--no-audit", "--no-fund", "--prefix", ".", .. packages]);
            File.WriteAllText(done, wanted);
        }
    }
}
