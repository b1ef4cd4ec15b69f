using System.Net;
using CsCheck;
using SpamGuard.Addresses;

namespace SpamGuard.Tests.Addresses;

public sealed class PrefixSetTests
{
    // Few bits that differ, so that networks meet: at both ends of the range, and over the border of the two halves of an IPv6 address.
    private static readonly Gen<IPNetwork> V4 = Gen.Select(Gen.Byte[0, 3], Gen.Byte, Gen.Int[0, 32], (high, low, length) =>
        new IPNetwork(new IPAddress([(byte)(high * 85), (byte)(high * 85), high, low]), length));

    private static readonly Gen<IPNetwork> V6 = Gen.Select(Gen.Byte[0, 3], Gen.Byte, Gen.Byte, Gen.Int[0, 128], (high, middle, low, length) =>
        new IPNetwork(Address6(high, middle, low), length));

    [Fact]
    public void IsIn_OfSomeNetworks_IsWhatTheRuntimeSays() =>
        Gen.Select(Gen.OneOf(V4, V6).Array[0, 12], Gen.OneOf(V4, V6).Array[40])
            .Sample(
                (networks, probes) => probes.Select(probe => probe.BaseAddress)
                    .Concat(networks.Select(network => network.BaseAddress)) // edges
                    .Concat(networks.Select(Last))
                    .All(address => IsIn(address, networks) == networks.Any(network => network.Contains(address))),
                print: _ => "addresses are withheld");

    [Theory]
    [InlineData("0.0.0.0/0", "0.0.0.0 255.255.255.255 198.18.0.1", "2001:2::1 ::")]
    [InlineData("::/0", ":: ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 2001:2::1", "198.18.0.1 ::ffff:198.18.0.1")]
    [InlineData("255.255.255.255/32", "255.255.255.255", "255.255.255.254 0.0.0.0")]
    [InlineData("0.0.0.0/32", "0.0.0.0", "0.0.0.1")]
    [InlineData("198.18.0.0/31 198.18.0.2/31", "198.18.0.0 198.18.0.3", "198.17.255.255 198.18.0.4")]
    [InlineData("198.18.0.0/16 198.18.5.0/24", "198.18.255.255 198.18.5.7", "198.19.0.0")]
    [InlineData("2001:2::/48", "2001:2::1 2001:2:0:ffff:ffff:ffff:ffff:ffff", "2001:2:1:: 2001:1:ffff::")]
    [InlineData("ffff::/16", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fffe::")]
    [InlineData("::ffff:198.18.0.0/112", "198.18.0.7 ::ffff:198.18.0.7 2002:c612:7::1", "198.19.0.0 ::198.18.0.7")]
    [InlineData("64:ff9b::c612:0/112", "198.18.0.7", "198.19.0.0")]
    [InlineData("2002:c612::/32", "198.18.0.7 2002:c612:7::1", "198.19.0.0")]
    [InlineData("2002:c612:7:5::/64", "198.18.0.7", "198.18.0.8")]
    [InlineData("2002::/16 ::ffff:0:0/96 64:ff9b::/96", "", "198.18.0.7 2002:c612:7::1 ::ffff:198.18.0.7")]
    [InlineData("", "", "0.0.0.0 ::")]
    public void IsIn_AtTheEdges_HoldsTheFirstAndTheLast(string networks, string inside, string outside)
    {
        var set = Set(Words(networks).Select(text => IPNetwork.Parse(text)));

        Assert.All(Words(inside), text => Assert.True(Parse(text).IsIn(set)));
        Assert.All(Words(outside), text => Assert.False(Parse(text).IsIn(set)));
        Assert.False(default(ClientAddress).IsIn(set));
    }

    [Fact]
    public void Count_OfNetworksThatAreGivenTwice_CountsThemOnce() =>
        Assert.Equal(3, Set(Words("198.18.0.0/16 198.18.0.0/16 ::ffff:198.18.0.0/112 198.18.1.0/24 2001:2::/48").Select(text => IPNetwork.Parse(text))).Count);

    private static bool IsIn(IPAddress address, IEnumerable<IPNetwork> networks) => ClientAddress.From(address).IsIn(Set(networks));

    private static PrefixSet Set(IEnumerable<IPNetwork> networks)
    {
        var builder = new PrefixSetBuilder();
        foreach (var network in networks)
        {
            builder.Add(network);
        }

        return builder.Build();
    }

    private static IPAddress Last(IPNetwork network)
    {
        var bytes = network.BaseAddress.GetAddressBytes();
        for (var bit = network.PrefixLength; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }

        return new IPAddress(bytes);
    }

    // Begins with 01, so that no form of IPv4 comes about.
    private static IPAddress Address6(byte high, byte middle, byte low) =>
        new([(byte)(0x40 | high), (byte)(high * 85), 0, 0, 0, 0, 0, middle, middle, 0, 0, 0, 0, 0, high, low]);

    private static ClientAddress Parse(string text) => ClientAddress.TryParse(text, out var address) ? address : throw new ArgumentException("no address", nameof(text));

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
