namespace SpamGuard.Cli.Scenarios.World;

/// <summary>Attackers with more IPv6 addresses than they need: 100 sign-ups from one /64 in 50 minutes; 300 /64s of one /48 in an hour, one each.</summary>
internal static class Ipv6Attacks
{
    /// <summary>The name of a part.</summary>
    public const string OneSubnet = "from one /64";
    /// <summary>The name of a part.</summary>
    public const string Hopping = "hopping through a /48";

    private const int SubnetCount = 100;
    private const int SubnetSeconds = 30;
    private const int HoppingCount = 300;
    private const int HoppingSeconds = 12;

    /// <summary>Writes one /64.</summary>
    public static void WriteOneSubnet(Script script)
    {
        for (var i = 0; i < SubnetCount; i++)
        {
            var address = Places.V6(0x2a0a_0500, 7, 1, (ulong)script.Random.NextInt64());
            script.SignUp(OneSubnet, Script.At(4.6).AddSeconds(i * SubnetSeconds), address, Truth.Spam);
        }
    }

    /// <summary>Writes the hopping.</summary>
    public static void WriteHopping(Script script)
    {
        for (var i = 0; i < HoppingCount; i++)
        {
            var address = Places.V6(0x2a0b_0500, 7, 1_000 + i, (ulong)script.Random.NextInt64());
            script.SignUp(Hopping, Script.At(5.6).AddSeconds(i * HoppingSeconds), address, Truth.Spam);
        }
    }
}
