namespace SpamGuard.Benchmarks.Report;

/// <summary>Which side of its floor a figure must be on.</summary>
internal enum Direction
{
    /// <summary>It has no floor: it is there to be read.</summary>
    Informative,

    /// <summary>At or above it.</summary>
    AtLeast,

    /// <summary>At or below it.</summary>
    AtMost,
}

/// <summary>A row of the table.</summary>
/// <param name="Name">Its name, for scripts that read the JSON.</param>
/// <param name="Unit">What it is in.</param>
/// <param name="Direction">Which side of the floor it must be on.</param>
/// <param name="Floor">The floor.</param>
/// <param name="Compared">What was compared.</param>
internal sealed record RowKind(string Name, string Unit, Direction Direction, double? Floor, string Compared)
{
    /// <summary>Whether a median is on the right side.</summary>
    public bool IsMetBy(double median) => Direction switch
    {
        Direction.AtLeast => median >= Floor,
        Direction.AtMost => median <= Floor,
        _ => true,
    };
}
