using SpamGuard.Addresses;

namespace SpamGuard.Cli.Scenarios.World;

/// <summary>
/// Homes: 5,000 on IPv4, ten to a /24, in twenty /16s of five /8s; 1,500 on IPv6, ten to a /48, in three /32s; one to three accounts and one to four
/// messages each, and now and then a sign-up.
/// </summary>
internal static class Homes
{
    /// <summary>The name of a part.</summary>
    public const string V4 = "on IPv4";
    /// <summary>The name of a part.</summary>
    public const string V6 = "on IPv6";

    private const int HomesANetwork = 10;
    private const int V4Homes = 5_000;
    private const int V6Homes = 1_500;
    private const int MostMessages = 4;
    private const int MostAccounts = 3;
    private const double SignUpChance = .15; // of a home, in the fourteen days
    private const int V4Regions = 20;
    private const int NetworksAV4Region = V4Homes / HomesANetwork / V4Regions;
    private const int V6Regions = 3;

    private static readonly int[] Wides = [24, 62, 78, 84, 91];

    /// <summary>Writes them.</summary>
    public static void Write(Script script)
    {
        Write(script, V4, V4Homes, home => V4Address(home / HomesANetwork, 20 + home % HomesANetwork));
        Write(script, V6, V6Homes, home => Places.V6(
            0x2a01_0100u + ((uint)(home % V6Regions) << 8), home / V6Regions / HomesANetwork, home * 256 % 65_536, (ulong)script.Random.NextInt64()));
    }

    /// <summary>An address in a random network of the homes that none of them has.</summary>
    public static ClientAddress Neighbour(Random random) => V4Address(random.Next(V4Homes / HomesANetwork), random.Next(100, 250));

    private static ClientAddress V4Address(int network, int host)
    {
        var region = network / NetworksAV4Region;
        return Places.V4(Wides[region % Wides.Length], 100 + region, network % NetworksAV4Region, host);
    }

    private static void Write(Script script, string part, int homes, Func<int, ClientAddress> address)
    {
        var random = script.Random;
        for (var home = 0; home < homes; home++)
        {
            var accounts = script.Digests(random.Next(1, MostAccounts + 1));
            for (var i = random.Next(MostMessages); i >= 0; i--)
            {
                var account = accounts[random.Next(accounts.Length)];
                script.Message(part, Script.At(random.TimeBetween(0, Script.Days - 1)), address(home), account, Truth.Honest);
            }

            if (random.Happens(SignUpChance))
            {
                script.SignUp(part, Script.At(random.TimeBetween(0, Script.Days - 1)), address(home), Truth.Honest);
            }
        }
    }
}
