namespace SpamGuard.Server.Callers.Files;

/// <summary>The first reading of mounted files, and how to go on from there.</summary>
/// <typeparam name="T">What they say.</typeparam>
internal sealed class MountedReading<T>
    where T : class
{
    private readonly MountedFiles _files;
    private readonly Func<IReadOnlyDictionary<string, WatchedFile>, (T? Value, IReadOnlyList<string> Faults)> _read;

    /// <summary>Reads the files.</summary>
    /// <param name="files">The files.</param>
    /// <param name="read">Makes of them what they say, or tells all that is wrong.</param>
    public MountedReading(MountedFiles files, Func<IReadOnlyDictionary<string, WatchedFile>, (T? Value, IReadOnlyList<string> Faults)> read)
    {
        (_files, _read) = (files, read);
        (Value, Faults) = read(files.Read());
    }

    /// <summary>What they said at first; <c>null</c> where there were faults.</summary>
    public T? Value { get; }

    /// <summary>What was wrong at first, a line each.</summary>
    public IReadOnlyList<string> Faults { get; }

    /// <summary>Tells what they say whenever they say something else. Ends once <paramref name="stop"/> is cancelled.</summary>
    public Task RunAsync(Action<T> changed, Action<IReadOnlyList<string>> rejected, CancellationToken stop) => _files.RunAsync(
        files =>
        {
            var (value, faults) = _read(files);
            if (value is null)
            {
                rejected(faults);
            }
            else
            {
                changed(value);
            }
        },
        stop);
}
