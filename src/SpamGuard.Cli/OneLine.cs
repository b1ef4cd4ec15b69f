namespace SpamGuard.Cli;

/// <summary>What no argument may hold, for every user of the machine can read those: it comes alone in a file, or by standard input.</summary>
internal static class OneLine
{
    /// <summary>Stands for standard input.</summary>
    public const string FromInput = "-";

    private const int Longest = 8192; // more than a token has; what is longer is some other file

    /// <summary>The one line of a file that is not blank; <c>null</c> where there is none, more than one, or too much.</summary>
    /// <param name="path">The file, or <see cref="FromInput"/>.</param>
    /// <param name="input">Standard input.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    public static async Task<string?> ReadAsync(string path, TextReader input, CancellationToken cancellationToken)
    {
        if (path is FromInput)
        {
            return await ReadAsync(input, cancellationToken);
        }

        using var reader = new StreamReader(path);
        return await ReadAsync(reader, cancellationToken);
    }

    private static async Task<string?> ReadAsync(TextReader reader, CancellationToken cancellationToken)
    {
        var buffer = new char[Longest + 1];
        var length = await reader.ReadBlockAsync(buffer, cancellationToken);
        var lines = new string(buffer, 0, length).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return length <= Longest && lines.Length == 1 ? lines[0] : null;
    }
}
