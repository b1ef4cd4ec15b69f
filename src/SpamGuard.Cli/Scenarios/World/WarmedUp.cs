namespace SpamGuard.Cli.Scenarios.World;

/// <summary>
/// An address that is warmed up: 30 or 200 accounts a day send a message each for six days, unreported; then 300 sign-ups, twelve seconds apart.
/// </summary>
internal static class WarmedUp
{
    /// <summary>The name of a part.</summary>
    public const string By30 = "sign-ups after 30 accounts a day";
    /// <summary>The name of a part.</summary>
    public const string By200 = "sign-ups after 200 accounts a day";

    private const string Warming = "messages";
    private const int WarmDays = 6;
    private const int Count = 300;
    private const int Seconds = 12;
    private const double Attack = WarmDays + (14 / 24.0);

    /// <summary>Writes both.</summary>
    public static void Write(Script script)
    {
        Write(script, By30, 142, 30);
        Write(script, By200, 143, 200);
    }

    private static void Write(Script script, string part, int wide, int accountsADay)
    {
        var address = Places.V4(wide, 20, 3, 17);
        for (var day = 0; day < WarmDays; day++)
        {
            for (var i = 0; i < accountsADay; i++)
            {
                script.Message(Warming, Script.At(script.Random.TimeOfDay(day)), address, script.Digest(), Truth.Unreported);
            }
        }

        for (var i = 0; i < Count; i++)
        {
            script.SignUp(part, Script.At(Attack).AddSeconds(i * Seconds), address, Truth.Spam);
        }
    }
}
