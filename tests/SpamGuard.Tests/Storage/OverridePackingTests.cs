using SpamGuard.Addresses;
using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Tests.Storage;

/// <summary>The bytes that overrides are kept in: two versions of the service read them at once.</summary>
public sealed class OverridePackingTests
{
    private static readonly OverrideId Id = new(RetentionClass.Address, 0x0123456789abcdef);
    private static readonly SubjectToken Token = new([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);

    [Fact]
    public void Id_Written_IsReadAgain()
    {
        Assert.Equal("a0123456789abcdef", Id.ToString());
        Assert.True(OverrideId.TryParse("a0123456789abcdef", out var read));
        Assert.Equal(Id, read);
        var made = OverrideId.New(RetentionClass.Network);
        Assert.True(OverrideId.TryParse(made.ToString(), out read));
        Assert.Equal(made, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("w0123456789abcdef")]
    [InlineData("a0123456789abcde")]
    [InlineData("a0123456789abcdef0")]
    [InlineData("a0123456789abcdeg")]
    [InlineData("a 123456789abcdef")]
    [InlineData("203.0.113.9")]
    public void Id_OfAnotherForm_IsNone(string text) => Assert.False(OverrideId.TryParse(text, out _));

    [Fact]
    public void Override_Packed_HasTheBytesOfItsTableAndIsReadAgain()
    {
        var said = new OperatorOverride(Id, new SubjectKey(SubjectKind.Address, Token), Verdict.Deny, 0x01020304, 0x05060708);

        var packed = said.Pack();

        Assert.Equal("01000304030201080706050102030405060708090A0B0C", Convert.ToHexString(packed));
        Assert.Equal(said, OperatorOverride.Read(Id, packed));
    }

    [Theory]
    [InlineData("")]
    [InlineData("01000304030201080706050102030405060708090A0B")] // short
    [InlineData("02000304030201080706050102030405060708090A0B0C")] // another format
    [InlineData("01030304030201080706050102030405060708090A0B0C")] // an account
    [InlineData("01010304030201080706050102030405060708090A0B0C")] // a network under an address' id
    [InlineData("01000404030201080706050102030405060708090A0B0C")] // a verdict beyond DENY
    public void Override_OfAnotherForm_SaysNothing(string packed) => Assert.Null(OperatorOverride.Read(Id, Convert.FromHexString(packed)));

    [Fact]
    public void List_Packed_IsReadAgain()
    {
        var other = new OverrideId(RetentionClass.Network, 7);
        byte[] packed = [1, .. OverrideIds.Entry(Id, 100), .. OverrideIds.Entry(other, 4_000_000_000)];

        Assert.Equal([(Id, 100), (other, 4_000_000_000)], OverrideIds.Read(packed));
        Assert.Empty(OverrideIds.Read([]));
        Assert.Empty(OverrideIds.Read([1]));
        Assert.Equal("610123456789ABCDEF64000000", Convert.ToHexString(OverrideIds.Entry(Id, 100)));
    }

    [Theory]
    [InlineData("02")]
    [InlineData("0161")]
    [InlineData("01770123456789ABCDEF64000000")]
    public void List_OfAnotherForm_IsMalformed(string packed) =>
        Assert.Equal(StoreFailure.Malformed, Assert.Throws<StoreException>(() => OverrideIds.Read(Convert.FromHexString(packed))).Failure);
}
