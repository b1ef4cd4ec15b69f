namespace SpamGuard.Desk.Ledger;

/// <summary>The file of the ledger, which one process at a time holds: it is read once, and then only appended to.</summary>
internal sealed class LedgerFile : IDisposable
{
    /// <summary>The name of the file in its folder.</summary>
    public const string Name = "ledger.ndjson";

    /// <summary>How much must be free where the ledger is, for an act to be begun: room for what is entered of it afterwards.</summary>
    public const long LeastFree = 1024 * 1024;

    /// <summary>What is wrong where it does not stand where it did.</summary>
    public const string Gone = "it is gone";

    /// <summary>What is wrong where another file stands in its place.</summary>
    public const string Replaced = "another file is in its place";

    private const string LockName = "ledger.lock";
    private const UnixFileMode OfTheDesk = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _lock;
    private readonly FileStream _file;
    private readonly DriveInfo _drive;
    private readonly string? _place;
    private long _length;
    private volatile string? _fault;
    private volatile bool _isClosed;

    private LedgerFile(FileStream @lock, FileStream file, DriveInfo drive)
    {
        (_lock, _file, _drive, _length) = (@lock, file, drive, file.Length);
        _place = PlaceNow();
    }

    /// <summary>The file's path.</summary>
    public string Path => _file.Name;

    /// <summary>How long it is, in bytes.</summary>
    public long Length => _length;

    /// <summary>Why nothing is appended any more until it is opened anew; <c>null</c> while something may be.</summary>
    public string? Fault => _fault;

    /// <summary>Opens the file in a folder, and makes it where there is none: for its owner to write and its group to read.</summary>
    /// <exception cref="IOException">It can't be opened, or another process has it; the message is fit for a log.</exception>
    public static LedgerFile Open(string folder)
    {
        FileStream? held = null, file = null;
        try
        {
            var full = System.IO.Path.GetFullPath(folder);
            if (!Directory.Exists(full))
            {
                throw new IOException("which is no folder");
            }

            // Two locks: of the file itself, whatever folder it is reached by, and of one beside it that stays where the file is put in place by another.
            held = Open(System.IO.Path.Combine(full, LockName), FileShare.None, OfTheDesk);
            var path = new FileInfo(System.IO.Path.Combine(full, Name));
            file = Open(path.LinkTarget is null ? path.FullName : path.ResolveLinkTarget(returnFinalTarget: true)!.FullName, FileShare.ReadWrite, OfTheDesk | UnixFileMode.GroupRead);
            FileLock.Take(file.SafeFileHandle);
            var where = System.IO.Path.GetDirectoryName(file.Name)!; // of the file itself, where a link leads to it
            DiskSync.Folder(where); // or a machine that stops may forget that there is such a file
            return new LedgerFile(held, file, new DriveInfo(where));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            file?.Dispose();
            held?.Dispose();
            throw new IOException(e switch
            {
                IOException { HResult: DiskSync.WouldBlock } => "which another process uses",
                UnauthorizedAccessException or FileNotFoundException or IOException { HResult: DiskSync.ReadOnly } => "where this process may not write", // the folder is there
                _ => e.Message.TrimEnd('.'),
            }, e);
        }
    }

    /// <summary>Opens a ledger's file for whoever only reads it: by no lock, so a desk may have it.</summary>
    public static FileStream OpenToRead(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    /// <summary>Its lines. Not while something is appended.</summary>
    public IEnumerable<RawLine> Lines()
    {
        _file.Position = 0;
        return LedgerLines.Read(_file);
    }

    /// <summary>Cuts off what a crash left.</summary>
    public void CutAt(long length)
    {
        _file.SetLength(length);
        DiskSync.File(_file);
        _length = length;
    }

    /// <summary>
    /// Makes sure that the disk has what was read. An earlier process may have ended before it did, or because it could not: after a failed fsync the kernel goes on to
    /// answer what it could not write, and takes it for written. So the last line, the only one in doubt, is written once more.
    /// </summary>
    /// <param name="lastLine">Where it begins, in bytes.</param>
    public void Settle(long lastLine)
    {
        var bytes = new byte[_length - lastLine];
        _file.Position = lastLine;
        _file.ReadExactly(bytes);
        _file.Position = lastLine;
        _file.Write(bytes);
        DiskSync.File(_file);
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

    /// <summary>Whether anything may be appended.</summary>
    /// <exception cref="IOException">It may not.</exception>
    public void DemandTrust()
    {
        if (_isClosed)
        {
            throw new IOException("It is closed.");
        }

        // Whoever writes it beside us, cuts it, or moves it away: what is appended then is in no ledger that verifies.
        var named = new FileInfo(Path);
        _fault ??= !named.Exists ? Gone
            : !string.Equals(PlaceNow(), _place, StringComparison.Ordinal) ? Replaced
            : named.Length != _length || _file.Length != _length ? "its length is not that of what was written"
            : null;
        if (_fault is { } fault)
        {
            throw new IOException($"Nothing is entered until the desk is restarted: {fault}.");
        }
    }

    /// <summary>Appends a line, which is on the disk when this returns.</summary>
    /// <exception cref="IOException">It is not, and nothing of it is in the file; or what is in it is unknown, and nothing will be appended any more.</exception>
    public void Append(ReadOnlySpan<byte> line)
    {
        DemandTrust();
        try
        {
            _file.Position = _length;
            _file.Write(line);
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            TakeBack();
            throw new IOException(e.Message, e);
        }

        try
        {
            DiskSync.File(_file);
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            // After a failed fsync nobody knows what the disk has: the kernel may have dropped the pages, and say nothing the next time.
            _fault = "the disk did not take what it was to sync";
            throw new IOException(e.Message, e);
        }

        _length += line.Length;
        DemandTrust(); // what went into a file that stands nowhere any more is in no ledger
    }

    /// <summary>Appends nothing any more: what is in the file is not what was written.</summary>
    /// <param name="fault">In what way.</param>
    public void Break(string fault) => _fault ??= fault;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isClosed)
        {
            FileLock.GiveUp(_file.SafeFileHandle);
        }

        _isClosed = true;
        _file.Dispose();
        _lock.Dispose();
    }

    // No share but with whoever takes no lock himself: the runtime asks for an advisory one (flock) that is held until the file is closed, by the end of the process too.
    private static FileStream Open(string path, FileShare share, UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        return new FileStream(path, options);
    }

    // Where the system says that the open file is: elsewhere than it was, or "deleted", once another has its name. Where the system is not Linux it does not say.
    private string? PlaceNow() =>
        OperatingSystem.IsLinux() ? new FileInfo(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/proc/self/fd/{_file.SafeFileHandle.DangerousGetHandle()}")).LinkTarget : null;

    // ArgumentException: what the runtime makes of a file that may not grow any more, by a limit of the process or of the file system.
    private static bool IsOfTheDisk(Exception exception) => exception is IOException or UnauthorizedAccessException or ArgumentException;

    private void TakeBack()
    {
        try
        {
            CutAt(_length);
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            _fault = "a part of an entry is in it that could not be taken back"; // the next start recovers it
        }
    }
}
