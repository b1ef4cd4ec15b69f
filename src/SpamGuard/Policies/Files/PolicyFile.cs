namespace SpamGuard.Policies.Files;

/// <summary>A policy file as it was read.</summary>
/// <param name="Policy">What it says; <c>null</c> where anything of it can't be used.</param>
/// <param name="Faults">All that can't be used, in the order of the lines.</param>
/// <param name="Lines">On which line each key was set, by its whole path; what <c>defaults</c> set counts for both kinds.</param>
internal sealed record PolicyFile(Policy? Policy, IReadOnlyList<PolicyFault> Faults, IReadOnlyDictionary<string, int> Lines)
{
    private const string Allowed = "allowed is the path of a YAML or JSON file";

    /// <summary>No file: the defaults.</summary>
    public static readonly PolicyFile None = new(Policy.Default, [], new Dictionary<string, int>(StringComparer.Ordinal));

    /// <summary>Reads the content of a file: YAML or JSON in UTF-8. Never throws for what it holds.</summary>
    public static PolicyFile Read(ReadOnlyMemory<byte> content) => PolicyReader.Read(content);

    /// <summary>Reads a file by its path.</summary>
    /// <exception cref="IOException">It is not there, or can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    public static PolicyFile Load(string path)
    {
        using var file = File.OpenRead(path);
        var content = new byte[PolicyYaml.MaxBytes + 1]; // one more than is allowed tells that it is too long
        return Read(content.AsMemory(0, file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false)));
    }

    /// <summary>Reads what a watch on the file found: none there, or one that can't be read, is a fault too.</summary>
    public static PolicyFile Of(WatchedFiles files) => (files.Fault ?? (files.Files.Count == 0 ? "no file" : files.Files[0].Fault)) is { } fault
        ? Refused([new PolicyFault(0, string.Empty, $"found {fault}; {Allowed}.")])
        : Read(files.Files[0].Content);

    /// <summary>A file that can't be used.</summary>
    public static PolicyFile Refused(IEnumerable<PolicyFault> faults) => new(null, PolicyFault.Told(faults), None.Lines);

    /// <summary>On which line a key was set; for a key of the candidate, where the live policy was set that it is laid over. 0 for a default.</summary>
    public int LineOf(string path) => Lines.TryGetValue(path, out var line)
        ? line
        : path.StartsWith(PolicyKeys.Shadow + ".", StringComparison.Ordinal) ? Lines.GetValueOrDefault(path[(PolicyKeys.Shadow.Length + 1)..]) : 0;
}
