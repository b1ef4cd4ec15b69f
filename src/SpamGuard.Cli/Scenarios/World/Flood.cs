namespace SpamGuard.Cli.Scenarios.World;

/// <summary>5,000 messages from one address, one a second, under twenty accounts; nobody reports any.</summary>
internal static class Flood
{
    /// <summary>The name of a part.</summary>
    public const string Messages = "messages";

    private const int Count = 5_000;
    private const int Accounts = 20;

    /// <summary>Writes it.</summary>
    public static void Write(Script script)
    {
        var accounts = script.Digests(Accounts);
        for (var i = 0; i < Count; i++)
        {
            script.Message(Messages, Script.At(7.5).AddSeconds(i), Places.V4(216, 20, 3, 17), accounts[i % Accounts], Truth.Unreported);
        }
    }
}
