namespace SpamGuard.Cli.Scenarios.World;

/// <summary>
/// One attack in several circumstances, which must make no difference to speak of: as it is; each call made twice; calls that arrive in another order
/// than their times say; across the edge of an epoch. Fifty sign-ups twelve seconds apart, and a hundred five minutes apart.
/// </summary>
internal static class SameAttack
{
    public const string Fast = "12 s apart";
    public const string FastCalledTwice = "12 s apart, called twice";
    public const string FastRetries = "12 s apart, the second calls";
    public const string FastOutOfOrder = "12 s apart, out of order";
    public const string FastAcrossEpochs = "12 s apart, across epochs";
    public const string Slow = "5 min apart";
    public const string SlowAcrossEpochs = "5 min apart, across epochs";

    private const int FastSeconds = 12;
    private const int FastCount = 50;
    private const int SlowSeconds = 300;
    private const int SlowCount = 100;
    private const int LatestArrivalSeconds = 30;

    /// <summary>Writes all.</summary>
    public static void Write(Script script)
    {
        var edge = script.AddressEpochFrom(7);
        var within = edge.AddHours(1);
        Attack(script, Fast, 210, within, FastSeconds, FastCount);
        Attack(script, FastAcrossEpochs, 211, edge.AddSeconds(-FastSeconds * FastCount / 2), FastSeconds, FastCount);
        Attack(script, Slow, 212, within, SlowSeconds, SlowCount);
        Attack(script, SlowAcrossEpochs, 213, edge.AddSeconds(-SlowSeconds * SlowCount / 2), SlowSeconds, SlowCount);
        CallTwice(script, within);
        Shuffle(script, within);
    }

    private static void CallTwice(Script script, DateTimeOffset start)
    {
        foreach (var call in Attack(script, FastCalledTwice, 214, start, FastSeconds, FastCount))
        {
            var id = new byte[16];
            script.Random.NextBytes(id);
            var first = call with { RequestId = new Guid(id) };
            var later = call.Time.AddSeconds(1 + script.Random.Next(FastSeconds - 1));
            script.Replace(call, first);
            script.Replace(null, first with { Part = FastRetries, Time = later, Arrival = later });
        }
    }

    private static void Shuffle(Script script, DateTimeOffset start)
    {
        foreach (var call in Attack(script, FastOutOfOrder, 215, start, FastSeconds, FastCount))
        {
            script.Replace(call, call with { Arrival = call.Time.AddSeconds(script.Random.Next(LatestArrivalSeconds)) });
        }
    }

    private static List<WorldEvent> Attack(Script script, string part, int wide, DateTimeOffset start, int seconds, int count) =>
        [.. Enumerable.Range(0, count).Select(i => script.SignUp(part, start.AddSeconds(i * seconds), Places.V4(wide, 20, 3, 17), Truth.Unreported))];
}
