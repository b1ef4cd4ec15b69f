namespace SpamGuard;

/// <summary>A file as it was read.</summary>
/// <param name="Name">Its name without the folder.</param>
/// <param name="Content">Its bytes; empty where it can't be read.</param>
/// <param name="Fault">Why it can't be read, to stand behind "found": <c>a file that can't be read (IOException)</c>; null where it can.</param>
internal sealed record WatchedFile(string Name, byte[] Content, string? Fault);
