namespace SpamGuard.Testing;

/// <summary>The folder of the solution, found from the test assembly upwards: a path that the compiler noted may be rewritten by the build.</summary>
internal static class RepositoryRoot
{
    public static string Folder { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SpamGuard.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("SpamGuard.sln is in no folder above the test assembly.");
    }
}
