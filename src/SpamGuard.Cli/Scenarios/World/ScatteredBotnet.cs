namespace SpamGuard.Cli.Scenarios.World;

/// <summary>
/// 300 infected machines, a third of them next door to the homes and the others anywhere in thirty /8s. Each signs up once; the next day each account
/// sends three messages, all of one content.
/// </summary>
internal static class ScatteredBotnet
{
    /// <summary>The name of a part.</summary>
    public const string FirstWave = "first wave: sign-ups";
    /// <summary>The name of a part.</summary>
    public const string NextDay = "next day: one content";

    private const int Bots = 300;
    private const int MessagesABot = 3;
    private const int FirstWide = 170;
    private const int Wides = 30;
    private const double WaveDay = 9.3;
    private const double WaveLength = .5;

    /// <summary>Writes it.</summary>
    public static void Write(Script script)
    {
        var (random, content) = (script.Random, script.Digest());
        for (var bot = 0; bot < Bots; bot++)
        {
            var address = random.Happens(1 / 3.0)
                ? Homes.Neighbour(random)
                : Places.V4(FirstWide + random.Next(Wides), random.Next(256), random.Next(256), random.Next(1, 255));
            var account = script.Digest();
            script.SignUp(FirstWave, Script.At(WaveDay + (random.NextDouble() * WaveLength)), address, Truth.Spam, account);
            for (var i = 0; i < MessagesABot; i++)
            {
                script.Message(NextDay, Script.At(WaveDay + 1 + (random.NextDouble() * WaveLength)), address, account, Truth.Spam, content);
            }
        }
    }
}
