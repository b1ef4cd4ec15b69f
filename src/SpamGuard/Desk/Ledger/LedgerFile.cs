namespace SpamGuard.Desk.Ledger;

/// <summary>The file of the ledger, which one process at a time holds: it is read once, and then only appended to.</summary>
internal sealed class LedgerFile : IDisposable
{
    /// <summary>The name of the file in its folder.</summary>
    public const string Name = "ledger.ndjson";

    /// <summary>How much must be free where the ledger is, for an act to be begun: room for what is entered of it afterwards.</summary>
    public const long LeastFree = 1024 * 1024;

    private const string LockName = "ledger.lock";

    private readonly FileStream _lock;
    private readonly FileStream _file;
    private readonly DriveInfo _drive;
    private bool _isBroken;

    private LedgerFile(FileStream @lock, FileStream file, DriveInfo drive) => (_lock, _file, _drive) = (@lock, file, drive);

    /// <summary>The file's path.</summary>
    public string Path => _file.Name;

    /// <summary>How long it is, in bytes.</summary>
    public long Length => _file.Length;

    /// <summary>Opens the file in a folder, and makes it where there is none.</summary>
    /// <exception cref="IOException">It can't be opened, or another process has it.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not.</exception>
    public static LedgerFile Open(string folder)
    {
        var full = System.IO.Path.GetFullPath(folder);
        FileStream? held = null, file = null;
        try
        {
            // The lock is of a file of its own: others may read the ledger meanwhile, to verify it.
            held = new FileStream(System.IO.Path.Combine(full, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            file = new FileStream(System.IO.Path.Combine(full, Name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
            if (file.Length == 0)
            {
                DiskSync.Folder(full); // or a machine that stops may forget that there is such a file
            }

            return new LedgerFile(held, file, new DriveInfo(full));
        }
        catch
        {
            file?.Dispose();
            held?.Dispose();
            throw;
        }
    }

    /// <summary>Its lines. Not while something is appended.</summary>
    public IEnumerable<RawLine> Lines()
    {
        _file.Position = 0;
        return LedgerLines.Read(_file);
    }

    /// <summary>Cuts off what a crash left behind the last whole line.</summary>
    public void CutAt(long length)
    {
        _file.SetLength(length);
        _file.Flush(flushToDisk: true);
    }

    /// <summary>Whether there is room for another act.</summary>
    /// <exception cref="IOException">There is not.</exception>
    public void DemandRoom()
    {
        if (_drive.AvailableFreeSpace < LeastFree)
        {
            throw new IOException("Less than 1 MiB is free.");
        }
    }

    /// <summary>Appends a line, which is on the disk when this returns.</summary>
    /// <exception cref="IOException">It is not, and nothing of it is in the file; or what is in it is unknown, and nothing will be appended any more.</exception>
    public void Append(ReadOnlySpan<byte> line)
    {
        if (_isBroken)
        {
            throw new IOException("An earlier failure left it in doubt; restart the desk.");
        }

        var length = _file.Length;
        try
        {
            _file.Position = length;
            _file.Write(line);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TakeBack(length);
            throw new IOException(e.Message, e);
        }

        try
        {
            _file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // After a failed fsync nobody knows what the disk has: the kernel may have dropped the pages, and say nothing the next time.
            _isBroken = true;
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>Appends nothing any more: what is in the file is not what was written.</summary>
    public void Break() => _isBroken = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _lock.Dispose();
    }

    private void TakeBack(long length)
    {
        try
        {
            CutAt(length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _isBroken = true; // the next start recovers it
        }
    }
}
