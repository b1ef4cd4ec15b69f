namespace SpamGuard.Server.Callers.Files;

/// <summary>Some files by path, in one folder or several, watched together.</summary>
/// <remarks>Files of one folder change in one step, for a mount turns them all at once: a certificate is never seen with the key of another.</remarks>
internal sealed class MountedFiles
{
    private readonly IReadOnlyList<(FileWatch Watch, IReadOnlyList<string> Paths)> _folders;
    private readonly Dictionary<string, WatchedFile> _files = new(StringComparer.Ordinal);
    private readonly Lock _changes = new();

    /// <summary>Makes the watches; nothing is read yet.</summary>
    public MountedFiles(IEnumerable<string> paths, int maxBytes, TimeProvider time, ILogger<FileWatch> logger) => _folders =
    [
        .. paths.Distinct(StringComparer.Ordinal).GroupBy(static path => Path.GetDirectoryName(Path.GetFullPath(path))!, StringComparer.Ordinal).Select(folder =>
        {
            string[] names = [.. folder.Select(Path.GetFileName)!];
            return (new FileWatch(folder.Key, name => names.Contains(name, StringComparer.Ordinal), maxBytes, time, logger), (IReadOnlyList<string>)[.. folder]);
        }),
    ];

    /// <summary>What the files hold now. Not while <see cref="RunAsync"/> runs.</summary>
    public IReadOnlyDictionary<string, WatchedFile> Read()
    {
        foreach (var (watch, paths) in _folders)
        {
            Take(watch.Read(), paths);
        }

        return _files;
    }

    /// <summary>Hands over what all files hold whenever one of them holds something else; not concurrently. Ends once <paramref name="stop"/> is cancelled.</summary>
    public Task RunAsync(Action<IReadOnlyDictionary<string, WatchedFile>> changed, CancellationToken stop) =>
        Task.WhenAll(_folders.Select(folder => folder.Watch.RunAsync(
            read =>
            {
                lock (_changes)
                {
                    Take(read, folder.Paths);
                    changed(_files);
                }
            },
            stop)));

    private void Take(WatchedFiles read, IReadOnlyList<string> paths)
    {
        foreach (var path in paths)
        {
            var name = Path.GetFileName(path);
            _files[path] = read.Files.FirstOrDefault(file => string.Equals(file.Name, name, StringComparison.Ordinal)) ?? new WatchedFile(name, [], read.Fault ?? "no file");
        }
    }
}
