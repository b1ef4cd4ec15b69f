namespace SpamGuard.Cli.Scenarios.World;

/// <summary>Spammers with time: a sign-up from one address every four hours, 60 of them; from another every twelve hours, 24.</summary>
internal static class LowAndSlow
{
    /// <summary>The name of a part.</summary>
    public const string Every4Hours = "every 4 h";
    /// <summary>The name of a part.</summary>
    public const string Every12Hours = "every 12 h";

    /// <summary>Writes both.</summary>
    public static void Write(Script script)
    {
        Write(script, Every4Hours, 145, 4, 60);
        Write(script, Every12Hours, 146, 12, 24);
    }

    private static void Write(Script script, string part, int wide, int hours, int count)
    {
        for (var i = 0; i < count; i++)
        {
            script.SignUp(part, Script.At(1).AddHours(hours * (i + script.Random.NextDouble() - .5)), Places.V4(wide, 20, 3, 17), Truth.Spam);
        }
    }
}
