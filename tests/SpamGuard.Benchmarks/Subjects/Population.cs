using SpamGuard.Addresses;
using SpamGuard.Policies;
using SpamGuard.Scoring;
using Wire = SpamGuard.V1;

namespace SpamGuard.Benchmarks.Subjects;

/// <summary>The addresses that events come from: ten to a /24, a hundred /24 to a /16, spread over 40 /8. All public.</summary>
internal sealed class Population(int addresses)
{
    private const int Regions = 200;
    private const int NetworksOfRegion = 100;
    private const int Wides = 40;
    private const int FirstWide = 20;

    public int Addresses => addresses;

    /// <summary>Records that one event from every address leaves: of addresses, networks and regions.</summary>
    public int Records => addresses + Math.Min(addresses, Regions * NetworksOfRegion) + Math.Min(addresses, Regions);

    /// <summary>An event: half of them sign-ups, half messages of some account.</summary>
    public static SpamEvent Event(int index)
    {
        ClientAddress.TryFromBytes(Bytes(index), out var address);
        return IsSignUp(index)
            ? new SpamEvent(EventKind.SignUp, address, default, default)
            : new SpamEvent(EventKind.Message, address, System.Text.Encoding.ASCII.GetBytes(Account(index)), default);
    }

    /// <summary>The same as a request, the address as text.</summary>
    public static Wire.ScoreRequest Request(int index)
    {
        var source = new Wire.Event { Kind = IsSignUp(index) ? Wire.EventKind.SignUp : Wire.EventKind.Message, Address = string.Join('.', Bytes(index)) };
        if (!IsSignUp(index))
        {
            source.Account = Account(index);
        }

        return new Wire.ScoreRequest { Event = source };
    }

    private static bool IsSignUp(int index) => index % 2 == 0;

    private static string Account(int index) => $"account-{index:x8}";

    private static byte[] Bytes(int index)
    {
        var (region, network, host) = (index % Regions, index / Regions % NetworksOfRegion, index / (Regions * NetworksOfRegion));
        return [(byte)(FirstWide + (region % Wides)), (byte)(region / Wides), (byte)network, (byte)(host + 1)];
    }
}
