namespace SpamGuard.Cli.Scenarios.World;

/// <summary>Draws that generators share.</summary>
internal static class Chance
{
    /// <summary>How much busier the busiest hour is than the average.</summary>
    private const double DaySwing = .6;

    /// <summary>A time on a day (from 0), as a fraction of days: busiest in the afternoon, quietest at night.</summary>
    public static double TimeOfDay(this Random random, double day)
    {
        while (true)
        {
            var hour = random.NextDouble();
            var density = 1 - (DaySwing * Math.Cos(Math.Tau * (hour - (3 / 24.0))));
            if (random.NextDouble() * (1 + DaySwing) < density)
            {
                return Math.Floor(day) + hour;
            }
        }
    }

    /// <summary>A time on any of the days between two.</summary>
    public static double TimeBetween(this Random random, int firstDay, int lastDay) => random.TimeOfDay(random.Next(firstDay, lastDay + 1));

    /// <summary>An exponentially distributed time.</summary>
    public static TimeSpan Exponential(this Random random, TimeSpan mean) => mean * -Math.Log(1 - random.NextDouble());

    /// <summary>Whether something of a probability happens.</summary>
    public static bool Happens(this Random random, double probability) => random.NextDouble() < probability;
}
