using Microsoft.Extensions.Logging;

namespace SpamGuard;

/// <summary>Tells what mounted files hold, each time that they hold something else.</summary>
/// <remarks>
/// The folder is watched and not the file, for an orchestrator changes a mounted file by turning a link (<c>..data</c>) round to another folder.
/// Contents count once two readings that are apart in time are the same, so that what a writer is still writing is taken for no content, unless he
/// pauses for longer: who can't have that renames. What notices miss (network file systems, the system's limits) is found by looking at sizes and
/// times now and then.
/// </remarks>
/// <param name="folder">The folder; need not exist yet.</param>
/// <param name="isWatched">Which names in it count.</param>
/// <param name="maxBytes">The largest file; a larger one is not read.</param>
/// <param name="time">The clock to wait on.</param>
/// <param name="logger">Is told of a taker that fails.</param>
internal sealed partial class FileWatch(string folder, Predicate<string> isWatched, int maxBytes, TimeProvider time, ILogger<FileWatch> logger)
{
    private string? _stamp;
    private string? _fingerprint;

    /// <summary>How far apart the two readings are. Default: 250 ms.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often sizes and times are looked at. Default: 5 s.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether the system is asked for notices; where it gives none, a change is found by the next poll. Default: true.</summary>
    public bool WithNotices { get; init; } = true;

    /// <summary>What reads a folder's files of some names, up to a size in bytes. Default: from the disk.</summary>
    public Func<string, Predicate<string>, int, WatchedFiles> Reader { get; init; } = WatchedFiles.Read;

    /// <summary>A watch on one file; <see cref="WatchedFiles.Files"/> is empty while there is none.</summary>
    public static FileWatch Of(string path, int maxBytes, TimeProvider time, ILogger<FileWatch> logger)
    {
        var full = Path.GetFullPath(path);
        var name = Path.GetFileName(full);
        return new(Path.GetDirectoryName(full) ?? full, other => string.Equals(other, name, StringComparison.Ordinal), maxBytes, time, logger);
    }

    /// <summary>What the files hold now, in one reading; known from here on. Not while <see cref="RunAsync"/> runs.</summary>
    public WatchedFiles Read()
    {
        _stamp = WatchedFiles.Stamp(folder, isWatched); // before the contents: a change between the two is found, if late
        var files = Reader(folder, isWatched, maxBytes);
        _fingerprint = files.Fingerprint();
        return files;
    }

    /// <summary>To be called by the taker: what it was handed is read and handed over again at the next poll, though nothing has changed.</summary>
    public void TellAgain() => (_stamp, _fingerprint) = (null, null);

    /// <summary>
    /// Hands over what the files hold whenever it is not what is known: the last that was handed over, or that <see cref="Read"/> gave. Ends by
    /// returning once <paramref name="stop"/> is cancelled. A taker that throws is logged, and its content counts as handed over. What is read and not
    /// handed over is zeroed.
    /// </summary>
    public async Task RunAsync(Action<WatchedFiles> changed, CancellationToken stop)
    {
        using var notices = new FolderNotices(folder);
        Renew(notices);
        while (!stop.IsCancellationRequested)
        {
            var noticed = notices.Take(); // before looking: what happens from here on is noticed again
            if (!string.Equals(_stamp, WatchedFiles.Stamp(folder, isWatched), StringComparison.Ordinal))
            {
                Renew(notices);
                await HandOverAsync(changed, stop);
            }
            else if (noticed)
            {
                await WaitAsync(Task.Delay(Settle, time, stop)); // of something else in the folder, which may be a busy one
                continue;
            }

            await WaitAsync(notices.Next.WaitAsync(Poll, time, stop));
        }
    }

    // Ends by returning, however the waiting ends: the loop looks for itself.
    private static async Task WaitAsync(Task waiting) => await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private void Renew(FolderNotices notices)
    {
        if (WithNotices)
        {
            notices.Renew();
        }
    }

    private async Task HandOverAsync(Action<WatchedFiles> changed, CancellationToken stop)
    {
        var known = _fingerprint;
        var files = Read();
        string? before;
        do
        {
            if (string.Equals(_fingerprint, known, StringComparison.Ordinal))
            {
                files.Zero();
                return; // touched, or changed back
            }

            before = _fingerprint;
            files.Zero();
            await WaitAsync(Task.Delay(Settle, time, stop));
            if (stop.IsCancellationRequested)
            {
                return;
            }

            files = Read();
        }
        while (!string.Equals(_fingerprint, before, StringComparison.Ordinal));

        try
        {
            changed(files);
        }
        catch (Exception e)
        {
            Log.ChangeFailed(logger, folder, e.GetType().Name, e.StackTrace);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.FileChangeFailed,
            LogLevel.Error,
            "A change in {Folder} could not be taken over, by {ExceptionType}, whose text is withheld; the watch goes on\n{Trace}",
            EventName = "FileChangeFailed")]
        public static partial void ChangeFailed(ILogger logger, string folder, string exceptionType, string? trace);
    }
}
