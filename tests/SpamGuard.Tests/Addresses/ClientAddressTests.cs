using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text.Json;
using SpamGuard.Addresses;
using SpamGuard.Retention;
using SpamGuard.Scoring;

namespace SpamGuard.Tests.Addresses;

public sealed class ClientAddressTests
{
    [Theory]
    [InlineData("198.18.7.9", "::ffff:198.18.7.9")]
    [InlineData("198.18.7.9", "::ffff:c612:0709")]
    [InlineData("198.18.7.9", "64:ff9b::198.18.7.9")]
    [InlineData("198.18.7.9", "64:ff9b::c612:709")]
    [InlineData("198.18.7.9", "2002:c612:0709::1")]
    [InlineData("2a01:4f8:1:2::7", "2A01:04F8:0001:0002:0:0:0:7")]
    public void TryParse_OtherFormsOfOneAddress_AreThatAddress(string canonical, string other)
    {
        Assert.True(ClientAddress.TryParse(canonical, out var one));
        Assert.True(ClientAddress.TryParse(other, out var two));
        Assert.Equal(one, two);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" 198.18.7.9")]
    [InlineData("198.18.7")]
    [InlineData("198.18.7.9.1")]
    [InlineData("198.18.7.256")]
    [InlineData("198.18.07.9")]
    [InlineData("0198.18.7.9")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("0x7f000001")]
    [InlineData("2130706433")]
    [InlineData("1")]
    [InlineData("198.18.7.9:80")]
    [InlineData("198.18.7.9/24")]
    [InlineData("[2a01::1]")]
    [InlineData("[2a01::1]:443")]
    [InlineData("fe80::1%eth0")]
    [InlineData("fe80::1%1")]
    [InlineData("2a01::1::2")]
    [InlineData("::ffff:198.18.07.9")]
    [InlineData("2a01:4f8:1:2:3:4:5:6:7")]
    [InlineData("example.org")]
    [InlineData("١٩٨.18.7.9")]
    public void TryParse_WhatIsNotAnAddress_IsRefused(string text) => Assert.False(ClientAddress.TryParse(text, out _));

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(15)]
    [InlineData(17)]
    public void TryFromBytes_OfAnotherLength_IsRefused(int length) => Assert.False(ClientAddress.TryFromBytes(new byte[length], out _));

    [Fact]
    public void TryFromBytes_BytesOfAnAddress_EqualItsText()
    {
        foreach (var text in new[] { "198.18.7.9", "2a01:4f8:1:2::7", "::ffff:198.18.7.9" })
        {
            Assert.True(ClientAddress.TryFromBytes(IPAddress.Parse(text).GetAddressBytes(), out var fromBytes));
            Assert.Equal(Parse(text), fromBytes);
            Assert.Equal(fromBytes, ClientAddress.From(IPAddress.Parse(text)));
        }
    }

    [Theory]
    [InlineData("198.18.7.9", "0404c6120709", "0403c61207", "0402c612", "4-198")]
    [InlineData("2a01:4f8:1:2:3:4:5:6", "06082a0104f800010002", "06062a0104f80001", "06042a0104f8", "6-2a0104")]
    public void WritePrefix_OfEachLevel_IsFamilyLengthAndPrefix(string text, string address, string network, string region, string wide)
    {
        var parsed = Parse(text);
        Assert.Equal(address, Prefix(parsed, SubjectKind.Address));
        Assert.Equal(network, Prefix(parsed, SubjectKind.Network));
        Assert.Equal(region, Prefix(parsed, SubjectKind.Region));
        Assert.Equal(wide, parsed.Wide.ToString());
        Assert.Equal(parsed.Wide, WidePrefix.FromPacked(parsed.Wide.Packed));
    }

    [Theory]
    [InlineData("8.8.8.8", nameof(AddressScope.Public))]
    [InlineData("2a01:4f8::1", nameof(AddressScope.Public))]
    [InlineData("10.1.2.3", nameof(AddressScope.Private))]
    [InlineData("172.16.0.0", nameof(AddressScope.Private))]
    [InlineData("172.31.255.255", nameof(AddressScope.Private))]
    [InlineData("172.32.0.0", nameof(AddressScope.Public))]
    [InlineData("192.168.1.1", nameof(AddressScope.Private))]
    [InlineData("100.64.0.1", nameof(AddressScope.Private))]
    [InlineData("127.0.0.1", nameof(AddressScope.Private))]
    [InlineData("169.254.1.1", nameof(AddressScope.Private))]
    [InlineData("::1", nameof(AddressScope.Private))]
    [InlineData("fe80::1", nameof(AddressScope.Private))]
    [InlineData("fd00::1", nameof(AddressScope.Private))]
    [InlineData("::ffff:10.1.2.3", nameof(AddressScope.Private))]
    [InlineData("192.0.2.1", nameof(AddressScope.Documentation))]
    [InlineData("198.51.100.7", nameof(AddressScope.Documentation))]
    [InlineData("203.0.113.9", nameof(AddressScope.Documentation))]
    [InlineData("2001:db8::1", nameof(AddressScope.Documentation))]
    [InlineData("0.0.0.0", nameof(AddressScope.Unusable))]
    [InlineData("255.255.255.255", nameof(AddressScope.Unusable))]
    [InlineData("224.0.0.1", nameof(AddressScope.Unusable))]
    [InlineData("239.255.255.255", nameof(AddressScope.Unusable))]
    [InlineData("::", nameof(AddressScope.Unusable))]
    [InlineData("ff02::1", nameof(AddressScope.Unusable))]
    public void Scope_OfAnAddress_IsThatOfItsRange(string text, string scope) => Assert.Equal(scope, Parse(text).Scope.ToString());

    [Fact]
    public void EveryTextualForm_OfAnAddress_IsWithheld()
    {
        var address = Parse("198.18.7.9");
        var spamEvent = new SpamEvent(default, address, default, default);
        string[] forms =
        [
            address.ToString(),
            $"{address}",
            string.Format(CultureInfo.InvariantCulture, "{0}", address),
            JsonSerializer.Serialize(address),
            JsonSerializer.Serialize(new { address }),
            JsonSerializer.Serialize(spamEvent),
            spamEvent.ToString(),
            typeof(ClientAddress).GetCustomAttribute<DebuggerDisplayAttribute>()!.Value,
        ];
        Assert.All(forms, form => Assert.Contains("withheld", form, StringComparison.Ordinal));
        Assert.All(forms, form => Assert.DoesNotContain("198", form, StringComparison.Ordinal));
        Assert.All(
            typeof(ClientAddress).GetFields(BindingFlags.Instance | BindingFlags.NonPublic),
            field => Assert.Equal(DebuggerBrowsableState.Never, field.GetCustomAttribute<DebuggerBrowsableAttribute>()!.State));
    }

    [Fact]
    public void PublicMembers_OfAnAddress_GiveNoAddressBack()
    {
        string[] allowed = ["Scope", "SignificantBits", "Wide", "LastByte", "IsIn", "WritePrefix", "Equals", "GetHashCode", "ToString", "GetType"];
        var members = typeof(ClientAddress).GetMembers(BindingFlags.Instance | BindingFlags.Public)
            .Select(member => member.Name.Replace("get_", "", StringComparison.Ordinal)).Distinct();
        Assert.Empty(members.Except(allowed));
    }

    private static string Prefix(ClientAddress address, SubjectKind level)
    {
        var prefix = new byte[10];
        return Convert.ToHexStringLower(prefix, 0, address.WritePrefix(level, prefix));
    }

    private static ClientAddress Parse(string text) => ClientAddress.TryParse(text, out var address) ? address : throw new ArgumentException(text, nameof(text));
}
