namespace SpamGuard.Cli.Csv;

/// <summary>The file that a verb reads, from its beginning to its end and more than once.</summary>
internal static class CsvFile
{
    /// <summary>Opens a file, or says why it can't be taken.</summary>
    /// <exception cref="IOException">It is not there, or can't be read.</exception>
    public static FileStream? Open(string path, Terminal terminal)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan);
        if (file.CanSeek)
        {
            return file;
        }

        file.Dispose();
        terminal.Say("FILE is a file: it is read twice, and a pipe can't be.");
        return null;
    }

    /// <summary>How much of a file is read, from 0 to 1.</summary>
    public static double Done(this FileStream file) => file.Position / (double)Math.Max(1, file.Length);
}
