using System.Text.Json.Serialization;
using SpamGuard.Policies;

namespace SpamGuard.Cli.Replay;

/// <summary>What two policies said of the same events, all spam or all legitimate.</summary>
internal sealed class VerdictChanges
{
    /// <summary>How many rows are named for an example: a row is found again by its number, there is no address in it.</summary>
    public const int MostExamples = 10;

    private readonly long[][] _matrix = [.. Verdicts.All.Select(static _ => new long[Verdicts.All.Count])];
    private readonly List<long> _harder = new(MostExamples);
    private readonly List<long> _milder = new(MostExamples);

    /// <summary>How many events, by the verdict of the live policy (rows) and of the candidate (columns), mildest first.</summary>
    [JsonPropertyName("live_by_candidate")]
    public IReadOnlyList<IReadOnlyList<long>> Matrix => _matrix;

    /// <summary>How many the candidate gave a harder verdict.</summary>
    [JsonPropertyName("harder")]
    public long Harder => Sum(static (live, candidate) => candidate > live);

    /// <summary>The first of these.</summary>
    [JsonPropertyName("harder_rows")]
    public IReadOnlyList<long> HarderRows => _harder;

    /// <summary>How many it gave a milder one.</summary>
    [JsonPropertyName("milder")]
    public long Milder => Sum(static (live, candidate) => candidate < live);

    /// <summary>The first of these.</summary>
    [JsonPropertyName("milder_rows")]
    public IReadOnlyList<long> MilderRows => _milder;

    /// <summary>Counts an event.</summary>
    /// <param name="row">Which data row of the file, from 0.</param>
    /// <param name="live">The verdict of the live policy.</param>
    /// <param name="candidate">The candidate's.</param>
    public void Add(long row, Verdict live, Verdict candidate)
    {
        _matrix[(int)live][(int)candidate]++;
        var examples = candidate > live ? _harder : _milder;
        if (candidate != live && examples.Count < MostExamples)
        {
            examples.Add(row);
        }
    }

    private long Sum(Func<int, int, bool> wanted)
    {
        var sum = 0L;
        for (var live = 0; live < _matrix.Length; live++)
        {
            for (var candidate = 0; candidate < _matrix.Length; candidate++)
            {
                sum += wanted(live, candidate) ? _matrix[live][candidate] : 0;
            }
        }

        return sum;
    }
}
