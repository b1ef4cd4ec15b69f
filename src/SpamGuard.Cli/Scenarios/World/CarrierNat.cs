using SpamGuard.Feedback;

namespace SpamGuard.Cli.Scenarios.World;

/// <summary>
/// A carrier's NAT: one IPv4 address, 5,000 accounts, 27,000 honest messages in fourteen days; 15 spammers among them send 900 more; on day 8 fifty
/// of the day's honest messages are reported as spam at once; 90 honest people sign up a day.
/// </summary>
internal static class CarrierNat
{
    /// <summary>The name of a part.</summary>
    public const string Messages = "honest messages";
    /// <summary>The name of a part.</summary>
    public const string SignUps = "honest sign-ups";
    /// <summary>The name of a part.</summary>
    public const string Spam = "its spammers' messages";

    private const int Accounts = 5_000;
    private const int HonestMessages = 27_000;
    private const int SignUpsADay = 90;
    private const int Spammers = 15;
    private const int MessagesASpammer = 60;
    private const double SpammerDays = 5;
    private const double FalseDay = 8.5;
    private const int FalseReports = 50;

    /// <summary>Writes it.</summary>
    public static void Write(Script script)
    {
        var (random, address) = (script.Random, Places.V4(102, 64, 10, 1));
        var accounts = script.Digests(Accounts);
        var honest = new List<WorldEvent>();
        foreach (var actor in new Crowd(random, Accounts).Actors(HonestMessages))
        {
            honest.Add(script.Message(Messages, Script.At(random.TimeBetween(0, Script.Days - 1)), address, accounts[actor], Truth.Honest));
        }

        for (var i = 0; i < SignUpsADay * Script.Days; i++)
        {
            script.SignUp(SignUps, Script.At(random.TimeBetween(0, Script.Days - 1)), address, Truth.Honest);
        }

        for (var spammer = 0; spammer < Spammers; spammer++)
        {
            var (account, since) = (script.Digest(), random.NextDouble() * (Script.Days - SpammerDays));
            for (var i = 0; i < MessagesASpammer; i++)
            {
                script.Message(Spam, Script.At(since + (random.NextDouble() * SpammerDays)), address, account, Truth.Spam);
            }
        }

        var ofTheDay = honest.Where(message => message.Time > Script.At(FalseDay - 1) && message.Time < Script.At(FalseDay)).ToArray();
        random.Shuffle(ofTheDay);
        foreach (var message in ofTheDay.Take(FalseReports))
        {
            script.Report(message, OutcomeLabel.Spam, Script.At(FalseDay));
        }
    }
}
