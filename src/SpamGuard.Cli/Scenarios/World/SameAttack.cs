using SpamGuard.Policies;
using SpamGuard.Scoring;

namespace SpamGuard.Cli.Scenarios.World;

/// <summary>
/// One attack in several circumstances, which must make no difference to speak of: as it is; each call made twice; calls that arrive in another order
/// than their times say; across the edge of an epoch. Fifty sign-ups twelve seconds apart, and a hundred five minutes apart.
/// </summary>
internal static class SameAttack
{
    /// <summary>The name of a part.</summary>
    public const string Fast = "12 s apart";
    /// <summary>The name of a part.</summary>
    public const string FastCalledTwice = "12 s apart, called twice";
    /// <summary>The name of a part.</summary>
    public const string FastRetries = "12 s apart, the second calls";
    /// <summary>The name of a part.</summary>
    public const string FastOutOfOrder = "12 s apart, out of order";
    /// <summary>The name of a part.</summary>
    public const string FastAcrossEpochs = "12 s apart, across epochs";
    /// <summary>The name of a part.</summary>
    public const string Slow = "5 min apart";
    /// <summary>The name of a part.</summary>
    public const string SlowAcrossEpochs = "5 min apart, across epochs";

    private const int FastSeconds = 12;
    private const int FastCount = 50;
    private const int SlowSeconds = 300;
    private const int SlowCount = 100;
    private const int LatestArrivalSeconds = 2 * FastSeconds; // so that a call overtakes the one before it, and no other

    /// <summary>Writes all.</summary>
    public static void Write(Script script)
    {
        var edge = script.AddressEpochFrom(7);
        var within = edge.AddHours(1);
        foreach (var call in Calls(script, Fast, 210, within, FastSeconds, FastCount)
            .Concat(Calls(script, FastAcrossEpochs, 211, edge.AddSeconds(-FastSeconds * FastCount / 2), FastSeconds, FastCount))
            .Concat(Calls(script, Slow, 212, within, SlowSeconds, SlowCount))
            .Concat(Calls(script, SlowAcrossEpochs, 213, edge.AddSeconds(-SlowSeconds * SlowCount / 2), SlowSeconds, SlowCount)))
        {
            script.Add(call);
        }

        foreach (var call in Calls(script, FastCalledTwice, 214, within, FastSeconds, FastCount))
        {
            var again = call.Time.AddSeconds(1 + script.Random.Next(FastSeconds - 1));
            var first = script.Add(call with { RequestId = RequestId(script.Random) });
            script.Add(first with { Part = FastRetries, Time = again, Arrival = again });
        }

        foreach (var call in Calls(script, FastOutOfOrder, 215, within, FastSeconds, FastCount))
        {
            script.Add(call with { Arrival = call.Time.AddSeconds(script.Random.Next(LatestArrivalSeconds)) });
        }
    }

    private static IEnumerable<WorldEvent> Calls(Script script, string part, int wide, DateTimeOffset start, int seconds, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var signUp = new SpamEvent(EventKind.SignUp, Places.V4(wide, 20, 3, 17), script.Digest(), default);
            yield return script.Draw(part, start.AddSeconds(i * seconds), signUp, Truth.Unreported);
        }
    }

    private static Guid RequestId(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
