using SpamGuard.Addresses;

namespace SpamGuard.Tests.Addresses;

public sealed class AddressTextTests
{
    [Theory]
    [InlineData("203.0.113.9")]
    [InlineData("from 203.0.113.9, by phone")]
    [InlineData("203.0.113.9:443")]
    [InlineData("host-203.0.113.9.example")]
    [InlineData("1203.0.113.91")]
    [InlineData("203.000.113.009")]
    [InlineData("::ffff:203.0.113.9")]
    [InlineData("2001:db8::9")]
    [InlineData("[2001:db8:1:2:3:4:5:6]:443")]
    [InlineData("IPv6:2001:db8::9.")]
    [InlineData("beef2001:0db8:0001:0002:0003:0004:0005:0006")]
    [InlineData("::1")]
    public void HoldsAddress_OneInIt_IsFound(string text) => Assert.True(AddressText.HoldsAddress(text));

    [Theory]
    [InlineData("")]
    [InlineData("identity card seen by the desk, case 17")]
    [InlineData("on 26.11.2026 at 12:30:45")]
    [InlineData("version 3.1.4")]
    [InlineData("de:ad:be:ef")]
    [InlineData("00:1a:2b:3c:4d:5e")]
    [InlineData("phoned: yes; card: yes; letter: no")]
    public void HoldsAddress_NoneInIt_IsNotFound(string text) => Assert.False(AddressText.HoldsAddress(text));

    [Fact]
    public void HoldsAddress_NothingButColons_EndsSoon() => Assert.True(AddressText.HoldsAddress(new string(':', 512)));

    [Fact]
    public void HoldsAddress_LongRunOfHexAndColons_EndsSoon() =>
        Assert.False(AddressText.HoldsAddress(string.Concat(Enumerable.Repeat("12345:", 85))));
}
