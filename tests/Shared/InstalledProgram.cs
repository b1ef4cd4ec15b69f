namespace SpamGuard.Testing;

/// <summary>Programs that tests start and that are not ours.</summary>
internal static class InstalledProgram
{
    /// <summary>The full path of a program. Never a skipped test: whoever lacks it is told what to install.</summary>
    /// <param name="name">Its file.</param>
    /// <param name="packages">The packages of Debian that have it.</param>
    public static string Find(string name, string packages) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException(
            $"{name} is not in PATH, and this test starts one. Debian and Ubuntu: apt-get install {packages}; tests/run installs it on Debian when it runs as root.");
}
