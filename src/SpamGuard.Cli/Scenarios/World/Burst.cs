namespace SpamGuard.Cli.Scenarios.World;

/// <summary>Fifty sign-ups from one address in ten minutes, twelve seconds apart.</summary>
internal static class Burst
{
    /// <summary>The name of a part.</summary>
    public const string SignUps = "sign-ups";

    private const int Count = 50;
    private const int Seconds = 12;

    /// <summary>Writes it.</summary>
    public static void Write(Script script)
    {
        for (var i = 0; i < Count; i++)
        {
            script.SignUp(SignUps, Script.At(4.5).AddSeconds(i * Seconds), Places.V4(141, 20, 3, 17), Truth.Spam);
        }
    }
}
