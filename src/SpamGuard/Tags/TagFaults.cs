namespace SpamGuard.Tags;

/// <summary>What is wrong with a folder of tags: lines to be told, none of which shows what a file holds.</summary>
/// <param name="key">What names the folder.</param>
internal sealed class TagFaults(string key)
{
    /// <summary>Most faults of one file that are told one by one.</summary>
    public const int MostOfAFile = 20;

    private readonly List<string> _lines = [];
    private readonly Dictionary<string, int> _lineFaults = new(StringComparer.Ordinal);

    /// <summary>The faults, a line each: the key, what was found, what is allowed.</summary>
    public IReadOnlyList<string> Lines =>
    [
        .. _lines,
        .. _lineFaults.Where(file => file.Value > MostOfAFile)
            .Select(file => Line($"{file.Value - MostOfAFile} more such lines in {TagName.Shown(file.Key)}", "none of them")),
    ];

    /// <summary>Something is wrong with the folder or a whole file.</summary>
    public void Add(string found, string allowed) => _lines.Add(Line(found, allowed));

    /// <summary>Something is wrong with one line of a file, counted from 1.</summary>
    public void AddLine(string file, int line, string fault, string allowed)
    {
        var count = _lineFaults[file] = _lineFaults.GetValueOrDefault(file) + 1;
        if (count <= MostOfAFile)
        {
            Add($"line {line} of {TagName.Shown(file)}, {fault}", allowed);
        }
    }

    private string Line(string found, string allowed) => $"{key}: found {found}; allowed are {allowed}.";
}
