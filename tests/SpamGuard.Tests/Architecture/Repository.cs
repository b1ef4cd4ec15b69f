using SpamGuard.Testing;

namespace SpamGuard.Tests.Architecture;

/// <summary>The checked-out tree around the test assembly. All checks take what is read here as a value, so that they can be shown to fail.</summary>
internal static class Repository
{
    public static string Root => RepositoryRoot.Folder;

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Hand-written C# below a folder: what the build wrote is left out.</summary>
    public static IReadOnlyList<SourceFile> CSharp(string folder) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "obj" or "bin"))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(path, Read(path))),
    ];

    /// <summary>Names in the root folder, folders with a slash at the end.</summary>
    public static IReadOnlyList<string> TopLevelEntries() =>
    [
        .. new DirectoryInfo(Root).EnumerateFileSystemInfos()
            .Select(entry => entry is DirectoryInfo ? entry.Name + '/' : entry.Name),
    ];
}
