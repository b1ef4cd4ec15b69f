using System.Globalization;

namespace SpamGuard.Cli.Scenarios.Gates;

/// <summary>What a gate counts in.</summary>
internal enum GateUnit
{
    /// <summary>A share of the events, 0 to 1.</summary>
    Share,

    /// <summary>Which event it was, from 1.</summary>
    Ordinal,

    /// <summary>How many events.</summary>
    Events,
}

/// <summary>How figures are written for people.</summary>
internal static class GateUnits
{
    /// <summary>A figure, or a dash for none.</summary>
    public static string Write(this GateUnit unit, double? figure) => (unit, figure) switch
    {
        (_, null) => "-",
        (GateUnit.Share, { } share) => Share(share),
        (_, { } number) => number.ToString("0", CultureInfo.InvariantCulture),
    };

    /// <summary>A share in per cent.</summary>
    public static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.##} %");
}
