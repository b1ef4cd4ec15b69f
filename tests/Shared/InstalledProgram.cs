namespace SpamGuard.Testing;

/// <summary>Programs that tests start and that are not ours.</summary>
internal static class InstalledProgram
{
    /// <summary>The full path of a program. Never a skipped test: whoever lacks it is told what to install.</summary>
    /// <param name="name">Its file.</param>
    /// <param name="packages">The packages of Debian that have it.</param>
    public static string Find(string name, string packages) => TryFind(name) ?? throw new InvalidOperationException(
        $"{name} is not in PATH, and this test starts one. Debian and Ubuntu: apt-get install {packages}; tests/run installs it on Debian when it runs as root.");

    /// <summary>The full path of a program, or <c>null</c>.</summary>
    public static string? TryFind(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
}
