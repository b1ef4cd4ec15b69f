using System.Globalization;
using SpamGuard.Addresses;

namespace SpamGuard.Tags;

/// <summary>Makes tags of the files of a folder: <c>TAG.txt</c> and <c>TAG.cidr</c> are lists of a tag's networks, <c>*.mmdb</c> are databases.</summary>
internal static class TagFiles
{
    /// <summary>The largest file, in bytes: some ten million networks. It is read into memory whole.</summary>
    public const int MaxBytes = 256 * 1024 * 1024;

    /// <summary>Whether a file is one to read, by its name. All others are left alone.</summary>
    public static bool IsOne(string name) => !name.StartsWith('.') && Path.GetExtension(name) is ".txt" or ".cidr" or ".mmdb";

    /// <summary>Reads all files, or tells all that is wrong with them; they are taken as a whole or not at all.</summary>
    /// <param name="files">The files.</param>
    /// <param name="tags">The tags; none where there are faults.</param>
    /// <param name="faults">What is wrong, a line each.</param>
    /// <param name="key">What named their folder, for the faults.</param>
    public static bool TryRead(WatchedFiles files, out AddressTags tags, out IReadOnlyList<string> faults, string key = TagOptions.PathKey)
    {
        var found = new TagFaults(key);
        var networks = new Dictionary<string, PrefixSetBuilder>(StringComparer.Ordinal);
        if (files.Fault is not null)
        {
            found.Add($"'{files.Folder}', {files.Fault}", "folders with files TAG.txt, TAG.cidr or *.mmdb");
        }

        foreach (var file in files.Files)
        {
            Read(file, NetworksOf, found);
        }

        if (networks.Count > AddressTags.Most)
        {
            found.Add($"{networks.Count} tags", $"at most {AddressTags.Most}");
        }

        faults = found.Lines;
        tags = faults.Count > 0 ? AddressTags.None : new AddressTags(networks.ToDictionary(pair => pair.Key, pair => pair.Value.Build(), StringComparer.Ordinal));
        return faults.Count == 0;

        PrefixSetBuilder NetworksOf(string tag) => networks.TryGetValue(tag, out var builder) ? builder : networks[tag] = new PrefixSetBuilder();
    }

    private static void Read(WatchedFile file, Func<string, PrefixSetBuilder> networksOf, TagFaults faults)
    {
        var tag = Path.GetFileNameWithoutExtension(file.Name);
        if (file.Fault is not null)
        {
            faults.Add($"{TagName.Shown(file.Name)}, {file.Fault}", string.Create(CultureInfo.InvariantCulture, $"files that can be read, of up to {MaxBytes} bytes"));
        }
        else if (Path.GetExtension(file.Name) is ".mmdb")
        {
            TagDatabase.Read(file, networksOf, faults);
        }
        else if (!TagName.IsOne(tag))
        {
            faults.Add($"a list called {TagName.Shown(file.Name)}", $"{TagName.Allowed}, before .txt or .cidr");
        }
        else
        {
            TagList.Read(file, networksOf(tag), faults);
        }
    }
}
