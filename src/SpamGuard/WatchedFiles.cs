using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SpamGuard;

/// <summary>The files of a folder as they were read, one after the other. That a file or the folder is missing is a content too.</summary>
/// <param name="Folder">The folder's path.</param>
/// <param name="Files">By name, in ordinal order.</param>
/// <param name="Fault">Why the folder can't be read, to stand behind "found": <c>no folder</c>; null where it can.</param>
internal sealed record WatchedFiles(string Folder, IReadOnlyList<WatchedFile> Files, string? Fault)
{
    /// <summary>Reads the files of a folder, and tells what can't be read.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="isWatched">Which names in it count.</param>
    /// <param name="maxBytes">The largest file: of a larger one no more is read than tells that it is.</param>
    public static WatchedFiles Read(string folder, Predicate<string> isWatched, int maxBytes) => Names(folder, isWatched, out var fault) is { } names
        ? new(folder, [.. names.Select(name => Read(folder, name, maxBytes))], Fault: null)
        : new(folder, [], fault);

    /// <summary>Sizes and times of the same files: other contents have another stamp, as far as a file system can tell without reading.</summary>
    public static string Stamp(string folder, Predicate<string> isWatched) => Names(folder, isWatched, out var fault) is { } names
        ? string.Join('\n', names.Select(name => $"{name}/{Stamp(folder, name)}"))
        : fault;

    /// <summary>Zeroes the contents, which some files hold secrets in: nobody will look at them any more.</summary>
    public void Zero()
    {
        foreach (var file in Files)
        {
            CryptographicOperations.ZeroMemory(file.Content);
        }
    }

    /// <summary>SHA-256 over names, contents and faults: the same for the same contents, so that nobody has to keep them to compare.</summary>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, Fault ?? string.Empty);
        foreach (var file in Files)
        {
            Append(hash, file.Name);
            Append(hash, file.Fault ?? string.Empty);
            hash.AppendData(SHA256.HashData(file.Content));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static List<string>? Names(string folder, Predicate<string> isWatched, out string fault)
    {
        try
        {
            fault = string.Empty;
            return [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).Where(name => isWatched(name)).Order(StringComparer.Ordinal)];
        }
        catch (DirectoryNotFoundException)
        {
            fault = "no folder";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            fault = $"a folder that can't be read ({e.GetType().Name})";
        }

        return null;
    }

    private static WatchedFile Read(string folder, string name, int maxBytes)
    {
        try
        {
            return Content(Path.Combine(folder, name), maxBytes) is { } content
                ? new(name, content, Fault: null)
                : new(name, [], string.Create(CultureInfo.InvariantCulture, $"a file of more than {maxBytes} bytes"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(name, [], $"a file that can't be read ({e.GetType().Name})");
        }
    }

    // null where it is larger. Unbuffered: a buffer of the stream's would keep what was in it.
    private static byte[]? Content(string path, int maxBytes)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        return FileContent.Read(file, maxBytes);
    }

    // By an open handle: of a path that leads over links, what is at its end.
    private static string Stamp(string folder, string name)
    {
        try
        {
            using var file = File.OpenHandle(Path.Combine(folder, name), share: FileShare.ReadWrite | FileShare.Delete);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{RandomAccess.GetLength(file)}/{File.GetLastWriteTimeUtc(file).Ticks}/{File.GetCreationTimeUtc(file).Ticks}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.GetType().Name;
        }
    }

    private static void Append(IncrementalHash hash, string text) => hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
