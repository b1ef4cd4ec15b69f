using System.Text;

namespace SpamGuard.Cli.Disclosures;

/// <summary>A file for an order key, which is given out once: there is room for it on the disk before the order is opened.</summary>
internal sealed class OrderKeyFile : IDisposable
{
    private const int KeyLength = 43;

    private readonly Stream _stream;

    /// <summary>Takes room for a key in a stream, which is closed with this.</summary>
    /// <exception cref="IOException">There is none.</exception>
    public OrderKeyFile(Stream stream)
    {
        _stream = stream;
        Write(new string('-', KeyLength));
    }

    /// <summary>Whether the key is in it.</summary>
    public bool IsWritten { get; private set; }

    /// <summary>Makes a file, readable for its owner only.</summary>
    /// <exception cref="IOException">It is there already, can't be made, or has no room.</exception>
    public static OrderKeyFile Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var stream = new FileStream(path, options);
        try
        {
            return new OrderKeyFile(stream);
        }
        catch
        {
            stream.Dispose();
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Writes the key where the room for it is.</summary>
    /// <returns>Whether it is on the disk.</returns>
    public bool TryWrite(string key)
    {
        try
        {
            Write(key);
            return IsWritten = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private void Write(string line)
    {
        _stream.Position = 0;
        _stream.Write(Encoding.ASCII.GetBytes(line + '\n'));
        if (_stream is FileStream file)
        {
            file.Flush(flushToDisk: true);
        }
    }
}
