namespace SpamGuard.Cli.Scenarios.Gates;

/// <summary>Whether a gate held.</summary>
internal enum GateResult
{
    /// <summary>It held.</summary>
    Pass,

    /// <summary>It did not.</summary>
    Fail,

    /// <summary>What the guide says is not caught was not caught.</summary>
    DocumentedMiss,

    /// <summary>What the guide says is not caught was caught: no failure, and worth a look.</summary>
    CaughtAfterAll,
}

/// <summary>How results are written.</summary>
internal static class GateResults
{
    /// <summary><c>pass</c>, <c>FAIL</c>, <c>documented miss</c> or <c>caught after all</c>.</summary>
    public static string Name(this GateResult result) => result switch
    {
        GateResult.Pass => "pass",
        GateResult.Fail => "FAIL",
        GateResult.DocumentedMiss => "documented miss",
        GateResult.CaughtAfterAll => "caught after all",
        _ => throw new ArgumentOutOfRangeException(nameof(result), result, message: null),
    };
}
