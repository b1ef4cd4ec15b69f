namespace SpamGuard.Cli.Scenarios.World;

/// <summary>A mobile network: 6,000 accounts that leave it by any of 30 addresses in three /24s, a message each time by another; 20 sign-ups a day.</summary>
internal static class Mobile
{
    /// <summary>The name of a part.</summary>
    public const string Traffic = "messages and sign-ups";

    private const int Egresses = 30;
    private const int Accounts = 6_000;
    private const int Messages = 12_000;
    private const int SignUpsADay = 20;

    /// <summary>Writes it.</summary>
    public static void Write(Script script)
    {
        var random = script.Random;
        var egresses = Enumerable.Range(0, Egresses).Select(i => Places.V4(109, 40, 1 + (i % 3), 1 + i)).ToArray();
        var accounts = script.Digests(Accounts);
        foreach (var actor in new Crowd(random, Accounts).Actors(Messages))
        {
            var egress = egresses[random.Next(Egresses)];
            script.Message(Traffic, Script.At(random.TimeBetween(0, Script.Days - 1)), egress, accounts[actor], Truth.Honest);
        }

        for (var i = 0; i < SignUpsADay * Script.Days; i++)
        {
            script.SignUp(Traffic, Script.At(random.TimeBetween(0, Script.Days - 1)), egresses[random.Next(Egresses)], Truth.Honest);
        }
    }
}
