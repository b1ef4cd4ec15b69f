using SpamGuard.Benchmarks.Report;

namespace SpamGuard.Benchmarks.Ratios;

/// <summary>Measures rows that share their sides.</summary>
internal interface IRatio
{
    /// <summary>The rows that it gives samples of.</summary>
    IReadOnlyList<RowKind> Rows { get; }

    /// <summary>Runs every side until it no longer grows faster.</summary>
    Task WarmAsync(CancellationToken cancellationToken);

    /// <summary>Runs every side once and adds a sample to each row.</summary>
    Task RoundAsync(Samples samples, CancellationToken cancellationToken);
}
