namespace SpamGuard.Cli.Scenarios.World;

/// <summary>A campus: 40 NATs in one /24 with 100 accounts each, and one morning 800 sign-ups in an hour, 20 an address.</summary>
internal static class Campus
{
    /// <summary>The name of a part.</summary>
    public const string Messages = "messages";
    /// <summary>The name of a part.</summary>
    public const string Surge = "its surge of sign-ups";

    private const int Nats = 40;
    private const int AccountsANat = 100;
    private const int MessagesANat = 225;
    private const int SurgeANat = 20;
    private const double SurgeDay = 9 + (10 / 24.0);

    /// <summary>Writes it.</summary>
    public static void Write(Script script)
    {
        var random = script.Random;
        for (var nat = 0; nat < Nats; nat++)
        {
            var address = Places.V4(130, 60, 7, 10 + nat);
            var accounts = script.Digests(AccountsANat);
            foreach (var actor in new Crowd(random, AccountsANat).Actors(MessagesANat))
            {
                script.Message(Messages, Script.At(random.TimeBetween(0, Script.Days - 1)), address, accounts[actor], Truth.Honest);
            }

            for (var i = 0; i < SurgeANat; i++)
            {
                script.SignUp(Surge, Script.At(SurgeDay + (random.NextDouble() / 24)), address, Truth.Honest);
            }
        }
    }
}
