using System.Buffers;

namespace SpamGuard.Testing.Privacy;

/// <summary>Looks for every form of every secret in every sink.</summary>
internal sealed class CanaryDetector
{
    private const int ContextLength = 60;

    private readonly IReadOnlyList<Needle> _texts;
    private readonly IReadOnlyList<Needle> _raws;
    private readonly SearchValues<string> _anyText;
    private readonly SearchValues<string> _anyRaw;

    public CanaryDetector(IEnumerable<Needle> needles)
    {
        var all = needles.DistinctBy(needle => (needle.Pattern, needle.IsRaw)).ToList();
        _texts = [.. all.Where(needle => !needle.IsRaw)];
        _raws = [.. all.Where(needle => needle.IsRaw)];
        _anyText = SearchValues.Create([.. _texts.Select(needle => needle.Pattern)], StringComparison.OrdinalIgnoreCase);
        _anyRaw = SearchValues.Create([.. _raws.Select(needle => needle.Pattern)], StringComparison.Ordinal);
    }

    /// <summary>Everything that is found.</summary>
    public async Task<IReadOnlyList<Leak>> FindAsync(params IReadOnlyList<ISink> sinks)
    {
        var leaks = new List<Leak>();
        foreach (var sink in sinks)
        {
            foreach (var piece in await sink.ReadAsync())
            {
                leaks.AddRange(Find(sink.Name, piece, sink.HoldsBytes));
            }
        }

        return leaks;
    }

    /// <summary>What is found in one piece.</summary>
    public IReadOnlyList<Leak> Find(string sink, string piece, bool holdsBytes)
    {
        var leaks = new List<Leak>();
        if (piece.AsSpan().ContainsAny(_anyText))
        {
            leaks.AddRange(Find(sink, piece, _texts, StringComparison.OrdinalIgnoreCase));
        }

        if (holdsBytes && piece.AsSpan().ContainsAny(_anyRaw))
        {
            leaks.AddRange(Find(sink, piece, _raws, StringComparison.Ordinal));
        }

        return leaks;
    }

    private static IEnumerable<Leak> Find(string sink, string piece, IReadOnlyList<Needle> needles, StringComparison comparison) =>
        from needle in needles
        let at = piece.IndexOf(needle.Pattern, comparison)
        where at >= 0
        select new Leak(sink, needle.Secret, needle.Form, Around(piece, at, needle.Pattern.Length));

    private static string Around(string piece, int at, int length)
    {
        var from = Math.Max(0, at - ContextLength);
        var to = Math.Min(piece.Length, at + length + ContextLength);
        return piece[from..to];
    }
}
