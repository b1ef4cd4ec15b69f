namespace SpamGuard.Cli.Scenarios.World;

/// <summary>An address that changes hands: 30 spam sign-ups on the first two days, an honest household of three from day 9 on.</summary>
internal static class RecycledAddress
{
    /// <summary>The name of a part.</summary>
    public const string Household = "the household";

    private const string Before = "the spammer";
    private const int Spam = 30;
    private const int FirstHonestDay = 9;
    private const int People = 3;
    private const int MessagesAPerson = 12;

    /// <summary>Writes both tenants.</summary>
    public static void Write(Script script)
    {
        var (random, address) = (script.Random, Places.V4(148, 20, 3, 17));
        for (var i = 0; i < Spam; i++)
        {
            script.SignUp(Before, Script.At(random.NextDouble() * 2), address, Truth.Spam);
        }

        foreach (var account in script.Digests(People))
        {
            script.SignUp(Household, Script.At(random.TimeOfDay(FirstHonestDay)), address, Truth.Honest, account);
            for (var i = 0; i < MessagesAPerson; i++)
            {
                script.Message(Household, Script.At(random.TimeBetween(FirstHonestDay + 1, Script.Days - 1)), address, account, Truth.Honest);
            }
        }
    }
}
