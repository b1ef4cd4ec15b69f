namespace SpamGuard.Cli.Scenarios.World;

/// <summary>A conference: 30 honest people sign up within an hour, from an address that nothing is known of.</summary>
internal static class ColdConference
{
    /// <summary>The name of a part.</summary>
    public const string SignUps = "sign-ups";

    private const int People = 30;
    private const double Day = 5 + (9 / 24.0);

    /// <summary>Writes it.</summary>
    public static void Write(Script script)
    {
        for (var i = 0; i < People; i++)
        {
            script.SignUp(SignUps, Script.At(Day + (script.Random.NextDouble() / 24)), Places.V4(140, 20, 3, 17), Truth.Honest);
        }
    }
}
