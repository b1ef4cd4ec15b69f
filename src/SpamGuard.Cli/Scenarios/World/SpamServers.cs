namespace SpamGuard.Cli.Scenarios.World;

/// <summary>40 spam servers of one host: 1,600 messages from five addresses in each of eight /24s of one /16, under an account a server and day.</summary>
internal static class SpamServers
{
    /// <summary>The name of a part.</summary>
    public const string Messages = "messages";

    private const int Networks = 8;
    private const int ServersANetwork = 5;
    private const int MessagesAServer = 40;
    private const int FirstDay = 1;

    /// <summary>Writes them.</summary>
    public static void Write(Script script)
    {
        for (var server = 0; server < Networks * ServersANetwork; server++)
        {
            var address = Places.V4(147, 20, 10 + (server % Networks), 30 + server);
            var accounts = script.Digests(Script.Days);
            for (var i = 0; i < MessagesAServer; i++)
            {
                var day = FirstDay + (script.Random.NextDouble() * (Script.Days - FirstDay));
                script.Message(Messages, Script.At(day), address, accounts[(int)day], Truth.Spam);
            }
        }
    }
}
