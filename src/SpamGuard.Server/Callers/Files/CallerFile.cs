using SpamGuard.Policies.Files;

namespace SpamGuard.Server.Callers.Files;

/// <summary>Reads the file of <c>Callers:Path</c>: a mapping <c>callers</c> from names to what each may do. All that can't be used is told at once.</summary>
internal sealed class CallerFile
{
    /// <summary>The largest file, in bytes.</summary>
    public const int MaxBytes = PolicyYaml.MaxBytes;

    private const string Root = "callers";
    private const string AllowedWhole = "a mapping callers: {NAME: {identities: [...], roles: [...]}}";

    private readonly List<PolicyFault> _faults = [];
    private readonly List<CallerEntry> _entries = [];
    private readonly Dictionary<string, int> _identities = new(StringComparer.Ordinal);
    private readonly NodeReader _nodes;

    private CallerFile() => _nodes = new NodeReader(_faults);

    /// <summary>Reads the content of a file; the callers are none where there are faults.</summary>
    public static IReadOnlyList<CallerEntry> Read(ReadOnlyMemory<byte> content, out IReadOnlyList<PolicyFault> faults)
    {
        if (PolicyYaml.Read(content, AllowedWhole, out var unreadable) is not { } root)
        {
            faults = [unreadable!];
            return [];
        }

        var file = new CallerFile();
        file._nodes.Mapping(root, [], [Root], (_, value, path) =>
            file._nodes.Mapping(value, path, PolicyNames.Callers.Allowed, PolicyNames.Callers.Fits, file.TakeCaller));
        if (file._entries.Count == 0 && file._faults.Count == 0)
        {
            file._nodes.Fault(root, [], $"found no callers; allowed is {AllowedWhole}.");
        }

        faults = PolicyFault.Told(file._faults);
        return faults.Count == 0 ? file._entries : [];
    }

    private void TakeCaller(PolicyNode key, PolicyNode value, string[] path)
    {
        var before = _faults.Count;
        var reader = new CallerFileEntry(_nodes, _identities);
        _nodes.Mapping(value, path, CallerFileEntry.Keys, reader.Take);
        if (_faults.Count == before)
        {
            reader.CheckWhole(key, path);
        }

        _entries.Add(reader.Entry(key.Text!));
    }
}
