using System.Globalization;

namespace SpamGuard.Tests.Architecture;

/// <summary>Sizes that keep a file readable in one go, and one type easy to find. All counts are of hand-written files.</summary>
/// <param name="Median">Lines that half of the files stay within; null for no limit.</param>
/// <param name="Ninetieth">Lines that nine files of ten stay within.</param>
/// <param name="Longest">Lines that no file exceeds.</param>
internal sealed record FileBudget(int? Median, int Ninetieth, int Longest)
{
    public static readonly FileBudget Source = new(70, 200, 400);
    public static readonly FileBudget Tests = new(null, 350, 600);

    /// <summary>Of the classes, at least so many in a hundred are sealed or static.</summary>
    private const int ClosedPercent = 80;

    /// <summary>Files that hold no type of their own name: the entry point's statements, and what is for the whole assembly.</summary>
    private static readonly HashSet<string> Nameless = new(StringComparer.Ordinal) { "Program.cs", "AssemblyInfo.cs" };

    public IReadOnlyList<string> Violations(IReadOnlyCollection<SourceFile> files)
    {
        var violations = files
            .Where(file => file.Lines > Longest)
            .Select(file => Text($"{file.Path}: {file.Lines} lines, and the limit is {Longest}"))
            .ToList();
        if (files.Count == 0)
        {
            return ["no file was found"];
        }

        var lengths = files.Select(file => file.Lines).Order().ToList();
        if (Median is { } median && Quantile(lengths, 50) > median)
        {
            violations.Add(Text($"the median file has {Quantile(lengths, 50)} lines, and the limit is {median}"));
        }

        if (Quantile(lengths, 90) > Ninetieth)
        {
            violations.Add(Text($"the 90th percentile is {Quantile(lengths, 90)} lines, and the limit is {Ninetieth}"));
        }

        return violations;
    }

    public static IReadOnlyList<string> OpenClasses(IEnumerable<SourceFile> files)
    {
        var classes = files
            .SelectMany(file => CSharpText.Types(CSharpText.Code(file.Text)))
            .Where(type => type.IsClass)
            .ToList();
        var open = classes.Where(type => !type.IsClosed).Select(type => type.Name).ToList();
        return open.Count * 100 > classes.Count * (100 - ClosedPercent)
            ? [Text($"{open.Count} of {classes.Count} classes are neither sealed nor static: {string.Join(", ", open)}")]
            : [];
    }

    /// <summary>A part after a dot says which part of the type it is: <c>SpamScorer.Log.cs</c>.</summary>
    public static IReadOnlyList<string> Misnamed(IEnumerable<SourceFile> files) =>
    [
        .. files
            .Where(file => !Nameless.Contains(file.Name))
            .Where(file => !CSharpText.Types(CSharpText.Code(file.Text)).Any(type => type.Name == file.Name.Split('.')[0]))
            .Select(file => $"{file.Path}: declares no type of that name"),
    ];

    /// <summary>The smallest length that so many in a hundred of the files stay within.</summary>
    private static int Quantile(List<int> sorted, int percent) => sorted[((sorted.Count * percent) + 99) / 100 - 1];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
