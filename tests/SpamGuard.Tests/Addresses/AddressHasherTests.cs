using SpamGuard.Addresses;
using SpamGuard.Retention;

namespace SpamGuard.Tests.Addresses;

public sealed class AddressHasherTests
{
    [Fact]
    public void Key_OfOneAddress_DependsOnKeyKindAndPrefix()
    {
        using var one = new AddressHasher(KeyOf(1));
        using var same = new AddressHasher(KeyOf(1));
        using var other = new AddressHasher(KeyOf(2));
        var address = Parse("198.18.7.9");

        Assert.Equal(one.Key(SubjectKind.Address, address), same.Key(SubjectKind.Address, address));
        Assert.NotEqual(one.Key(SubjectKind.Address, address), other.Key(SubjectKind.Address, address));
        Assert.NotEqual(one.Key(SubjectKind.Address, address).Token, one.Key(SubjectKind.Network, address).Token);
        Assert.NotEqual(one.Key(SubjectKind.Account, "x"u8).Token, one.Key(SubjectKind.Content, "x"u8).Token);
    }

    [Theory]
    [InlineData("198.18.7.9", "198.18.7.10", false, true, true)]
    [InlineData("198.18.7.9", "198.18.8.9", false, false, true)]
    [InlineData("198.18.7.9", "198.19.7.9", false, false, false)]
    [InlineData("2a01:4f8:1:2::7", "2a01:4f8:1:2:ffff::", true, true, true)]
    [InlineData("2a01:4f8:1:2::7", "2a01:4f8:1:3::7", false, true, true)]
    [InlineData("2a01:4f8:1:2::7", "2a01:4f8:2:2::7", false, false, true)]
    [InlineData("2a01:4f8:1:2::7", "2a01:4f9:1:2::7", false, false, false)]
    public void Key_OfTwoAddresses_IsOneWhereTheyShareTheLevel(string one, string other, bool address, bool network, bool region)
    {
        using var hasher = new AddressHasher(KeyOf(1));
        Assert.Equal(address, hasher.Key(SubjectKind.Address, Parse(one)) == hasher.Key(SubjectKind.Address, Parse(other)));
        Assert.Equal(network, hasher.Key(SubjectKind.Network, Parse(one)) == hasher.Key(SubjectKind.Network, Parse(other)));
        Assert.Equal(region, hasher.Key(SubjectKind.Region, Parse(one)) == hasher.Key(SubjectKind.Region, Parse(other)));
    }

    [Fact]
    public void Members_OfManyAddresses_UseEveryBitOfEveryKindAndNoTwoKindsAgree()
    {
        using var hasher = new AddressHasher(KeyOf(1));
        var bits = Enumerable.Range(0, 1000).Select(i => hasher.Members(Parse($"198.18.{i / 250}.{i % 250}"))).ToList();

        Assert.Equal(32, bits.Select(bit => bit.In(SubjectKind.Network)).Distinct().Count());
        Assert.Equal(32, bits.Select(bit => bit.In(SubjectKind.Region)).Distinct().Count());
        Assert.True(bits.Count(bit => bit.In(SubjectKind.Network) == bit.In(SubjectKind.Region)) < 100, "bits of two kinds move together");
        Assert.All(bits, bit => Assert.Equal(1, System.Numerics.BitOperations.PopCount(bit.In(SubjectKind.Content))));
    }

    [Fact]
    public void Key_OnManyThreads_IsTheSame()
    {
        using var hasher = new AddressHasher(KeyOf(1));
        var expected = hasher.Key(SubjectKind.Address, Parse("198.18.7.9"));
        Parallel.For(0, 2000, _ => Assert.Equal(expected, hasher.Key(SubjectKind.Address, Parse("198.18.7.9"))));
    }

    [Fact]
    public void Dispose_OfAHasher_ZeroesItsKey()
    {
        var key = KeyOf(1);
        var hasher = new AddressHasher(key);
        hasher.Key(SubjectKind.Address, Parse("198.18.7.9"));
        hasher.Dispose();

        Assert.All(key, value => Assert.Equal(0, value));
        Assert.Throws<ObjectDisposedException>(() => hasher.Key(SubjectKind.Address, Parse("198.18.7.9")));
    }

    [Fact]
    public void Token_AsText_IsWithheldAndInAKeySixteenCharacters()
    {
        using var hasher = new AddressHasher(KeyOf(1));
        var token = hasher.Key(SubjectKind.Address, Parse("198.18.7.9")).Token;
        var text = new byte[SubjectToken.TextSize];
        token.WriteText(text);

        Assert.Equal("[token withheld]", token.ToString());
        Assert.All(text, character => Assert.True(char.IsAsciiLetterOrDigit((char)character) || character is (byte)'-' or (byte)'_'));
    }

    private static byte[] KeyOf(byte value) => [.. Enumerable.Repeat(value, AddressHasher.KeySize)];

    private static ClientAddress Parse(string text) => ClientAddress.TryParse(text, out var address) ? address : throw new ArgumentException(text, nameof(text));
}
