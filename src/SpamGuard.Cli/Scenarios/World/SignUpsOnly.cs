namespace SpamGuard.Cli.Scenarios.World;

/// <summary>A service that sends its sign-ups and nothing else: 90 honest ones a day from one carrier address, told how they went or not.</summary>
internal static class SignUpsOnly
{
    /// <summary>The name of a part.</summary>
    public const string Untold = "nothing told";
    /// <summary>The name of a part.</summary>
    public const string UntoldLater = "nothing told, after the first day";
    /// <summary>The name of a part.</summary>
    public const string Told = "outcomes told";
    /// <summary>The name of a part.</summary>
    public const string ToldLater = "outcomes told, from day 4 on";

    private const int SignUpsADay = 90;
    private const int LaterFrom = 4;

    /// <summary>Writes both services.</summary>
    public static void Write(Script script)
    {
        for (var day = 0; day < Script.Days; day++)
        {
            for (var i = 0; i < SignUpsADay; i++)
            {
                script.SignUp(day == 0 ? Untold : UntoldLater, Script.At(script.Random.TimeOfDay(day)), Places.V4(217, 20, 3, 17), Truth.Unreported);
                script.SignUp(day < LaterFrom ? Told : ToldLater, Script.At(script.Random.TimeOfDay(day)), Places.V4(218, 20, 3, 17), Truth.HonestAndTold);
            }
        }
    }
}
