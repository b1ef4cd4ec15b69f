using SpamGuard.Server.Callers.Peers;

namespace SpamGuard.IntegrationTests.Callers;

/// <summary>What Envoy writes, what others may have written before it, and what nobody should believe.</summary>
public sealed class ForwardedCertificateTests
{
    [Theory]
    [InlineData("URI=spiffe://a.org/x", "spiffe://a.org/x")]
    [InlineData("By=spiffe://a.org/me;Hash=00ff;URI=spiffe://a.org/x", "spiffe://a.org/x")]
    [InlineData("By=spiffe://a.org/me;Hash=00ff;Subject=\"CN=x,O=y;z\";URI=spiffe://a.org/x;DNS=x.a.org;DNS=y.a.org", "spiffe://a.org/x x.a.org y.a.org")]
    [InlineData("Subject=\"CN=\\\"URI=spiffe://a.org/forged\\\",URI=spiffe://a.org/forged\";URI=spiffe://a.org/x", "spiffe://a.org/x")]
    [InlineData("Subject=\"a\\\\\";URI=spiffe://a.org/x", "spiffe://a.org/x")]
    [InlineData("URI=spiffe://a.org/first,URI=spiffe://a.org/last", "spiffe://a.org/last")]
    [InlineData("URI=spiffe://a.org/first, URI=spiffe://a.org/last", "spiffe://a.org/last")]
    [InlineData("URI=\"spiffe://a.org/x\";DNS=\"x.a.org\"", "spiffe://a.org/x x.a.org")]
    [InlineData("uri=spiffe://a.org/x;dns=X.A.org", "spiffe://a.org/x x.a.org")]
    [InlineData("URI=spiffe://a.org/x=1;Chain=\"-----BEGIN%20CERTIFICATE-----\"", "spiffe://a.org/x=1")]
    [InlineData("URI=;DNS=x.a.org", "x.a.org")]
    [InlineData("URI=spiffe://a.org/x;DNS=*.a.org", "spiffe://a.org/x")]
    [InlineData("URI=SPIFFE://A.org/X;DNS=x.a.org.", "spiffe://a.org/X x.a.org")]
    [InlineData("URI=x.a.org;DNS=spiffe://a.org/x;URI=spiffe://a.org/y;DNS=y.a.org", "spiffe://a.org/y y.a.org")]
    public void TryReadLast_GoodHeader_GivesTheNamesOfTheLastElement(string header, string names)
    {
        Assert.True(ForwardedCertificate.TryReadLast(header, out var identities));
        Assert.Equal(names.Split(' '), identities);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(",")]
    [InlineData("URI")]
    [InlineData("=spiffe://a.org/x")]
    [InlineData("URI=spiffe://a.org/x,")]
    [InlineData("URI=spiffe://a.org/x;")]
    [InlineData("URI=spiffe://a.org/x;;DNS=x.a.org")]
    [InlineData("URI=\"spiffe://a.org/x")]
    [InlineData("URI=\"")]
    [InlineData("URI=\"spiffe://a.org/x\\\"")]
    [InlineData("URI=\"spiffe://a.org/x\\")]
    [InlineData("URI=\"spiffe://a.org/x\"y")]
    [InlineData("URI=spiffe://a.org/\"x\"")]
    [InlineData("Subject=\"CN=x,URI=spiffe://a.org/x")]
    [InlineData("URI=spiffe://a.org/x,Hash=00ff")]
    [InlineData("URI=spiffe://a.org/x,Subject=\"CN=y\"")]
    [InlineData("Hash=00ff;Subject=\"CN=URI\"")]
    [InlineData("URI=")]
    [InlineData("URI=spiffe://a.org/*")]
    [InlineData("DNS=192.0.2.1")]
    [InlineData("DNS=spiffe://a.org/x")]
    [InlineData("URI=x.a.org")]
    [InlineData("URI=spiffe://x@a.org/x")]
    [InlineData("U RI=spiffe://a.org/x")]
    public void TryReadLast_HeaderThatNamesNobodyOrIsHalfReadable_GivesNobody(string header)
    {
        Assert.False(ForwardedCertificate.TryReadLast(header, out var identities));
        Assert.Empty(identities);
    }

    [Fact]
    public void TryReadLast_VeryLongHeader_IsNotRead() => Assert.False(ForwardedCertificate.TryReadLast($"Hash={new string('0', 20_000)};URI=spiffe://a.org/x", out _));
}
