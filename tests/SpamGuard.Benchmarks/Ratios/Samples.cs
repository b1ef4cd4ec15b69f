using SpamGuard.Benchmarks.Report;

namespace SpamGuard.Benchmarks.Ratios;

/// <summary>What the rounds measured.</summary>
internal sealed class Samples
{
    private readonly Dictionary<RowKind, List<double>> _values = [];
    private readonly Dictionary<RowKind, string> _faults = [];

    public void Add(RowKind row, double value)
    {
        if (!_values.TryGetValue(row, out var values))
        {
            _values[row] = values = [];
        }

        values.Add(value);
    }

    /// <summary>Makes a row worth nothing.</summary>
    public void Fail(RowKind row, string fault) => _faults.TryAdd(row, fault);

    public bool HasFailed(RowKind row) => _faults.ContainsKey(row);

    public RatioReport Report(IReadOnlyList<string> notes) =>
        new(notes, [.. Rows.All.Select(row => RatioRow.Of(row, _values.GetValueOrDefault(row, []), _faults.GetValueOrDefault(row)))]);
}
