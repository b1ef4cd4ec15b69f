namespace SpamGuard.Cli.Scenarios.World;

/// <summary>A botnet in one /24: 200 addresses, 300 sign-ups in six hours, paced by who commands it.</summary>
internal static class NetworkBotnet
{
    /// <summary>The name of a part.</summary>
    public const string SignUps = "sign-ups";

    private const int Addresses = 200;
    private const int Count = 300;
    private const double Day = 5.5;

    /// <summary>Writes it.</summary>
    public static void Write(Script script)
    {
        for (var i = 0; i < Count; i++)
        {
            var host = 20 + (i < Addresses ? i : script.Random.Next(Addresses));
            script.SignUp(SignUps, Script.At(Day + ((i + script.Random.NextDouble()) / Count / 4)), Places.V4(144, 20, 3, host), Truth.Spam);
        }
    }
}
