namespace SpamGuard;

/// <summary>The system's notices that something in a folder changed. They may fail to come: they only make a poll come early.</summary>
internal sealed class FolderNotices(string folder) : IDisposable
{
    private FileSystemWatcher? _watcher;
    private volatile TaskCompletionSource _notice = New();

    /// <summary>Ends with the next notice after <see cref="Take"/>.</summary>
    public Task Next => _notice.Task;

    /// <summary>Whether there was a notice since the last time.</summary>
    public bool Take()
    {
        if (!_notice.Task.IsCompleted)
        {
            return false;
        }

        _notice = New();
        return true;
    }

    /// <summary>Asks for notices anew, to be called before the folder is read: another folder may have the name by now.</summary>
    public void Renew()
    {
        _watcher?.Dispose();
        _watcher = null;
        try
        {
            _watcher = new FileSystemWatcher(folder);
            _watcher.Changed += Notice;
            _watcher.Created += Notice;
            _watcher.Deleted += Notice;
            _watcher.Renamed += Notice;
            _watcher.Error += Notice;
            _watcher.EnableRaisingEvents = true;
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            // No folder, or no more notices to be had from this system (inotify's limits): polling goes on.
            _watcher?.Dispose();
            _watcher = null;
        }
    }

    /// <summary>Ends the notices.</summary>
    public void Dispose() => _watcher?.Dispose();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Notice(object sender, EventArgs notice) => _notice.TrySetResult();
}
