namespace SpamGuard.Cli.Calls;

/// <summary>Values that must not be arguments, which every user of the machine can read: each comes by a file of its own, or by standard input.</summary>
internal static class LineInput
{
    /// <summary>The path that means standard input.</summary>
    public const string FromInput = "-";

    private const int Longest = 8192; // more than a token has; what is longer is some other file
    private const int LongestList = 256 * 1024; // more than an order's addresses have

    /// <summary>The one line of a file that is not blank; <c>null</c> where there is none, more than one, or too much.</summary>
    /// <exception cref="IOException">It is not there, or can't be read.</exception>
    public static async Task<string?> FileAsync(string path, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(path);
        return await LineAsync(reader, cancellationToken);
    }

    /// <summary>The same of what is read.</summary>
    public static async Task<string?> LineAsync(TextReader reader, CancellationToken cancellationToken) =>
        await LinesAsync(reader, Longest, cancellationToken) is [var line] ? line : null;

    /// <summary>All lines of a file, or of standard input, that are not blank; <c>null</c> where there is none, or too much.</summary>
    /// <exception cref="IOException">It is not there, or can't be read.</exception>
    public static async Task<string[]?> ListAsync(string path, Terminal terminal, CancellationToken cancellationToken)
    {
        using var file = path is FromInput ? null : new StreamReader(path);
        return await LinesAsync(file ?? terminal.Input, LongestList, cancellationToken) is { Length: > 0 } lines ? lines : null;
    }

    private static async Task<string[]?> LinesAsync(TextReader reader, int longest, CancellationToken cancellationToken)
    {
        var buffer = new char[longest + 1];
        var length = await reader.ReadBlockAsync(buffer, cancellationToken);
        return length <= longest ? new string(buffer, 0, length).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : null;
    }
}
