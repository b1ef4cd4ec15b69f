namespace SpamGuard.Epochs;

/// <summary>The mounted peppers as they were read first, and the watch that goes on from there.</summary>
/// <param name="Watch">The watch.</param>
/// <param name="IsFolder">Whether it is on a folder of peppers.</param>
/// <param name="Peppers">The peppers, newest first; none where there is a fault.</param>
/// <param name="Fault">What is wrong, to stand behind "found"; empty where nothing is.</param>
/// <param name="OpenToAll">The files that every user of the machine may read.</param>
internal sealed record PepperReading(
    FileWatch Watch, bool IsFolder, IReadOnlyList<byte[]> Peppers, string Fault, IReadOnlyList<string> OpenToAll)
{
    /// <summary>Reads what a path names now.</summary>
    public static PepperReading Of(string path, TimeProvider time, Microsoft.Extensions.Logging.ILogger<FileWatch> logger)
    {
        var (isFolder, watch) = (Directory.Exists(path), PepperFiles.Watch(path, time, logger));
        var files = watch.Read();
        PepperFiles.TryRead(files, isFolder, out var peppers, out var fault);
        return new(watch, isFolder, peppers, fault, [.. PepperFiles.OpenToAll(files)]);
    }
}
