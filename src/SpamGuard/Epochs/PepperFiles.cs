using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace SpamGuard.Epochs;

/// <summary>
/// Reads mounted peppers: a folder whose files hold one pepper each, the newest being the last by name, such as <c>2026-11-26.pepper</c>; or one
/// file with a pepper a line, the newest first. A pepper is 32 bytes as they are, 64 hex digits, or base64.
/// </summary>
internal static class PepperFiles
{
    /// <summary>What is allowed, to stand behind "allowed ".</summary>
    public const string Allowed =
        "is the path of a folder of files with 32 bytes, 64 hex digits or base64, or of one file with 32 bytes, or with lines of 64 hex digits or base64";

    /// <summary>The largest file, in bytes.</summary>
    public const int MaxBytes = 16 * 1024;

    /// <summary>A watch on what a path names now: a folder, or else a file.</summary>
    public static FileWatch Watch(string path, TimeProvider time, ILogger<FileWatch> logger) =>
        Directory.Exists(path) ? new FileWatch(Path.GetFullPath(path), IsOne, MaxBytes, time, logger) : FileWatch.Of(path, MaxBytes, time, logger);

    /// <summary>Whether a file of a folder is one to read: an orchestrator's links and folders begin with a dot.</summary>
    public static bool IsOne(string name) => !name.StartsWith('.');

    /// <summary>Reads the peppers, newest first, and zeroes what they were read from. They are taken as a whole or not at all.</summary>
    /// <param name="files">The files.</param>
    /// <param name="isFolder">Whether each file is one pepper.</param>
    /// <param name="peppers">The peppers; none where there is a fault.</param>
    /// <param name="fault">What was found, to stand behind "found"; never a content.</param>
    public static bool TryRead(WatchedFiles files, bool isFolder, out List<byte[]> peppers, out string fault)
    {
        peppers = [];
        fault = files.Fault ?? (files.Files.Count == 0 ? isFolder ? "a folder without files" : "no file" : string.Empty);
        foreach (var file in files.Files.Reverse())
        {
            var lines = Read(file, isFolder);
            peppers.AddRange(lines ?? []);
            if (lines is null && fault.Length == 0)
            {
                fault = (isFolder ? $"{file.Name}, " : string.Empty)
                    + (file.Fault ?? string.Create(CultureInfo.InvariantCulture, $"a file of {file.Content.Length} bytes"));
            }
        }

        files.Zero();
        if (fault.Length == 0 && peppers.Select(PepperRing.Name).Distinct().Count() < peppers.Count)
        {
            fault = "one pepper twice, where each is to be new";
        }

        if (fault.Length > 0)
        {
            peppers.ForEach(static pepper => CryptographicOperations.ZeroMemory(pepper));
            peppers.Clear();
        }

        return fault.Length == 0;
    }

    /// <summary>The files that every user of the machine may read or write, though only this process needs to read them.</summary>
    public static IEnumerable<string> OpenToAll(WatchedFiles files) =>
        files.Files.Select(static file => file.Name).Where(name => IsOpenToAll(Path.Combine(files.Folder, name)));

    private static bool IsOpenToAll(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return false; // it has no such modes
        }

        try
        {
            using var file = File.OpenHandle(path); // of a link, what is at its end
            return (File.GetUnixFileMode(file) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != UnixFileMode.None;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // gone since; what is there now is read next
        }
    }

    private static List<byte[]>? Read(WatchedFile file, bool onlyOne)
    {
        if (file.Fault is not null)
        {
            return null;
        }

        ReadOnlySpan<byte> content = file.Content;
        if (content.Length == PepperRing.PepperSize)
        {
            return [content.ToArray()];
        }

        var (peppers, isOfPeppers) = (new List<byte[]>(), true);
        foreach (var range in content.Split((byte)'\n'))
        {
            var line = content[range];
            line = line[Ascii.Trim(line)];
            if (!line.IsEmpty)
            {
                peppers.Add(new byte[PepperRing.PepperSize]);
                isOfPeppers &= TryDecode(line, peppers[^1]);
            }
        }

        if (isOfPeppers && peppers.Count > 0 && (!onlyOne || peppers.Count == 1))
        {
            return peppers;
        }

        peppers.ForEach(static pepper => CryptographicOperations.ZeroMemory(pepper));
        return null;
    }

    // From bytes to bytes: a text could not be zeroed.
    private static bool TryDecode(ReadOnlySpan<byte> line, Span<byte> pepper)
    {
        int written;
        var status = line.Length == 2 * PepperRing.PepperSize
            ? Convert.FromHexString(line, pepper, out _, out written)
            : Base64.DecodeFromUtf8(line, pepper, out _, out written);
        return status == OperationStatus.Done && written == PepperRing.PepperSize;
    }
}
