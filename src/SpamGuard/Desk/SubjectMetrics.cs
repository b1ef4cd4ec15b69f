using System.Text.Json;
using Prometheus;

namespace SpamGuard.Desk;

/// <summary>How often people asked what is held on them, and had it erased.</summary>
internal sealed class SubjectMetrics
{
    private readonly Counter _inspections;
    private readonly Counter _erasures;

    /// <summary>Registers the instruments, all series at 0.</summary>
    public SubjectMetrics(IMetricFactory metrics)
    {
        _inspections = metrics.CreateCounter("spamguard_inspections_total", "Inspections of one address, by what came of them.", ["result"]);
        _erasures = metrics.CreateCounter("spamguard_erasures_total", "Erasures of one address, by what came of them.", ["result"]);
        foreach (var result in Enum.GetValues<InspectionResult>())
        {
            _inspections.WithLabels(Name(result));
        }

        foreach (var result in Enum.GetValues<ErasureResult>())
        {
            _erasures.WithLabels(Name(result));
        }
    }

    /// <summary>An inspection ended.</summary>
    public void Inspected(InspectionResult result) => _inspections.WithLabels(Name(result)).Inc();

    /// <summary>An erasure ended.</summary>
    public void Erased(ErasureResult result) => _erasures.WithLabels(Name(result)).Inc();

    private static string Name<T>(T result)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(result.ToString());
}

/// <summary>What came of an inspection.</summary>
internal enum InspectionResult
{
    /// <summary>Something is held.</summary>
    Held,

    /// <summary>Nothing is.</summary>
    NothingHeld,

    /// <summary>The request or its proof could not be taken.</summary>
    Refused,

    /// <summary>The store did not answer, or the ledger could not be written.</summary>
    Unavailable,
}

/// <summary>What came of an erasure.</summary>
internal enum ErasureResult
{
    /// <summary>Something was deleted.</summary>
    Erased,

    /// <summary>There was nothing to delete.</summary>
    NothingHeld,

    /// <summary>Deleted, but not by as many replicas as must.</summary>
    Unconfirmed,

    /// <summary>The request or its proof could not be taken.</summary>
    Refused,

    /// <summary>The store did not answer, or the ledger could not be written.</summary>
    Unavailable,
}
