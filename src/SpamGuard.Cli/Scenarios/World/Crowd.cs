namespace SpamGuard.Cli.Scenarios.World;

/// <summary>Accounts of which most do little and a few do much.</summary>
internal sealed class Crowd
{
    private const double Tail = 1.1; // the exponent of a Pareto distribution
    private const double Most = 120; // how much busier the busiest is than the least

    private readonly Random _random;
    private readonly double[] _upTo;

    /// <summary>Draws how busy each one is.</summary>
    public Crowd(Random random, int size)
    {
        _random = random;
        _upTo = new double[size];
        var sum = 0.0;
        for (var i = 0; i < size; i++)
        {
            sum += Math.Min(Most, Math.Pow(1 - random.NextDouble(), -1 / Tail));
            _upTo[i] = sum;
        }
    }

    /// <summary>Who does each of a number of things: everyone one first, the rest by how busy they are.</summary>
    public IEnumerable<int> Actors(int count)
    {
        for (var i = 0; i < count; i++)
        {
            yield return i < _upTo.Length ? i : Next();
        }
    }

    private int Next()
    {
        var found = Array.BinarySearch(_upTo, _random.NextDouble() * _upTo[^1]);
        return Math.Min(found < 0 ? ~found : found, _upTo.Length - 1);
    }
}
