using SpamGuard.Feedback;

namespace SpamGuard.Cli.Scenarios.World;

/// <summary>
/// Homes in use since day 0 whose last 40 messages are reported as spam on day 8: by one person, where the service names no accounts; by three; and by
/// one where the messages are one account's.
/// </summary>
internal static class ReportBombing
{
    /// <summary>The name of a part.</summary>
    public const string OneReporter = "a home reported 40 times by one";
    /// <summary>The name of a part.</summary>
    public const string OneAccount = "a home's one account reported 40 times by one";
    /// <summary>The name of a part.</summary>
    public const string ThreeReporters = "a home reported 40 times by three";

    private const int MessagesADay = 8;
    private const int Reported = 40;
    private const double Day = 8.5;

    /// <summary>Writes the homes.</summary>
    public static void Write(Script script)
    {
        Write(script, OneReporter, 17, 1, default);
        Write(script, ThreeReporters, 18, 3, default);
        Write(script, OneAccount, 19, 1, script.Digest());
    }

    private static void Write(Script script, string part, int region, int reporters, ReadOnlyMemory<byte> account)
    {
        var (random, address, before) = (script.Random, Places.V4(149, region, 3, 17), new List<WorldEvent>());
        for (var day = 0; day < Script.Days; day++)
        {
            for (var i = 0; i < MessagesADay; i++)
            {
                var message = script.Message(part, Script.At(random.TimeOfDay(day)), address, account, Truth.Honest);
                if (message.Time < Script.At(Day))
                {
                    before.Add(message);
                }
            }
        }

        var people = script.Digests(reporters);
        foreach (var (i, message) in before.OrderByDescending(message => message.Time).Take(Reported).Index())
        {
            script.Report(message, OutcomeLabel.Spam, Script.At(Day).AddSeconds(10 * i), people[i % reporters]);
        }
    }
}
