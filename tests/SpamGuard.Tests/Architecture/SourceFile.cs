namespace SpamGuard.Tests.Architecture;

/// <summary>A file of the repository or of a planted tree. The path is relative to the root and has forward slashes.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>Lines of the file; the newline at its end begins no further one.</summary>
    public int Lines => Text.Length == 0 ? 0 : Text.AsSpan().Count('\n') + (Text[^1] == '\n' ? 0 : 1);

    /// <summary>The first folder below <paramref name="root"/>; null for a file that lies in the root itself.</summary>
    public string? FolderBelow(string root)
    {
        var below = Path[(root.Length + 1)..];
        var slash = below.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? null : below[..slash];
    }
}
