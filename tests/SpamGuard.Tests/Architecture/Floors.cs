using System.Text.RegularExpressions;

namespace SpamGuard.Tests.Architecture;

/// <summary>
/// Imports run down only. Each folder of the product stands on a floor and may use the floors below it, never its own floor
/// and never one above: so the scorer can be read without the desk, and nothing below can come to depend on either.
/// </summary>
internal sealed partial class Floors
{
    public const string Product = "src/SpamGuard";
    private const string RootNamespace = "SpamGuard";

    private static readonly Dictionary<string, int> FloorOf = new(StringComparer.Ordinal)
    {
        ["Retention"] = 1, ["Records"] = 1, ["Policies"] = 1,
        ["Addresses"] = 2, ["Signals"] = 2,
        ["Storage"] = 3, ["Tags"] = 3,
        ["Epochs"] = 4, ["Aggregates"] = 4, ["Overrides"] = 4,
        ["Feedback"] = 5, ["Desk"] = 5,
        ["Scoring"] = 6,
    };

    /// <summary>Below it, and forbidden all the same: no scoring process may need the desk.</summary>
    private static readonly HashSet<(string From, string To)> Forbidden = [("Scoring", "Desk")];

    private readonly IReadOnlyList<Parsed> _files;
    private readonly ILookup<string, string> _typesOfFolder;
    private readonly HashSet<string> _typesOfTheTop;

    private Floors(IEnumerable<SourceFile> files)
    {
        _files = [.. files.Select(Parse)];
        _typesOfFolder = _files
            .Where(file => file.Folder is not null)
            .SelectMany(file => file.Types.Append(file.SubFolder).Where(name => name.Length > 0).Select(name => (file.Folder, name)))
            .ToLookup(pair => pair.Folder!, pair => pair.name, StringComparer.Ordinal);

        // A root file that uses a folder stands above them all. One that uses none (event ids) is below them all: who uses it gains nothing.
        _typesOfTheTop = _files
            .Where(file => file.Folder is null && UsedFolders(file).Any())
            .SelectMany(file => file.Types)
            .ToHashSet(StringComparer.Ordinal);
    }

    public static IReadOnlyList<string> Violations(IEnumerable<SourceFile> files)
    {
        var floors = new Floors(files);
        return [.. floors._files.SelectMany(floors.Violations).Distinct(StringComparer.Ordinal)];
    }

    private IEnumerable<string> Violations(Parsed file)
    {
        if (file.Namespace is not null && file.Namespace != file.ExpectedNamespace)
        {
            // Whoever sits in another folder's namespace needs no import to use it.
            yield return $"{file.Path}: namespace {file.Namespace}, and the folder says {file.ExpectedNamespace}";
        }

        if (GlobalUsing().IsMatch(file.Code))
        {
            yield return $"{file.Path}: a global using imports for every folder at once";
        }

        if (file.Folder is null)
        {
            yield break;
        }

        if (!FloorOf.TryGetValue(file.Folder, out var floor))
        {
            yield return $"{file.Path}: the folder {file.Folder} has no floor; give it one in {nameof(Floors)}";
            yield break;
        }

        foreach (var used in UsedFolders(file).Where(used => used != file.Folder))
        {
            if (FloorOf.TryGetValue(used, out var below) && (below >= floor || Forbidden.Contains((file.Folder, used))))
            {
                yield return $"{file.Path}: {file.Folder} (floor {floor}) uses {used} (floor {below})";
            }
        }

        foreach (var name in Word().Matches(file.Code).Select(match => match.Value).Where(_typesOfTheTop.Contains))
        {
            yield return $"{file.Path}: {file.Folder} (floor {floor}) uses {name} of the root, which stands above all floors";
        }
    }

    /// <summary>By full name anywhere (usings, aliases, static usings, expressions), or from the folder on, as a nested namespace allows.</summary>
    private IEnumerable<string> UsedFolders(Parsed file) =>
        FullName().Matches(file.Code).Select(match => match.Groups["folder"].Value)
            .Concat(PartialName().Matches(file.Code)
                .Where(match => _typesOfFolder[match.Groups["folder"].Value].Contains(match.Groups["next"].Value, StringComparer.Ordinal))
                .Select(match => match.Groups["folder"].Value))
            .Distinct(StringComparer.Ordinal);

    private static Parsed Parse(SourceFile file)
    {
        var code = CSharpText.Code(file.Text);
        var declaration = NamespaceDeclaration().Match(code);
        var folders = file.Path[..file.Path.LastIndexOf('/')][Product.Length..].TrimStart('/').Split('/', StringSplitOptions.RemoveEmptyEntries);
        return new Parsed(
            file.Path,
            file.FolderBelow(Product),
            folders.Length > 1 ? folders[1] : string.Empty,
            string.Join('.', folders.Prepend(RootNamespace)),
            declaration.Success ? declaration.Groups["name"].Value : null,
            NamespaceDeclaration().Replace(code, " "),
            [.. CSharpText.Types(code).Select(type => type.Name)]);
    }

    private sealed record Parsed(
        string Path,
        string? Folder,
        string SubFolder,
        string ExpectedNamespace,
        string? Namespace,
        string Code,
        IReadOnlyList<string> Types);

    [GeneratedRegex(@"\bnamespace\s+(?<name>[\w.]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex NamespaceDeclaration();

    [GeneratedRegex(@"\bglobal\s+using\b")]
    private static partial Regex GlobalUsing();

    [GeneratedRegex(@"(?<![\w.])(global::)?SpamGuard\s*\.\s*(?<folder>[A-Z]\w*)", RegexOptions.ExplicitCapture)]
    private static partial Regex FullName();

    /// <summary>Only a name that goes on with a type or sub-folder of that folder: `Records.Count` may be a property.</summary>
    [GeneratedRegex(@"(?<![\w.])(?<folder>[A-Z]\w*)\s*\.\s*(?<next>[A-Z]\w*)", RegexOptions.ExplicitCapture)]
    private static partial Regex PartialName();

    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*")]
    private static partial Regex Word();
}
