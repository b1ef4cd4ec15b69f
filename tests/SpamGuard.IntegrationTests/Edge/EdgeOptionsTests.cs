using SpamGuard.Server.Edge;

namespace SpamGuard.IntegrationTests.Edge;

/// <summary>Settings that can't work, or would let clients choose their address, stop the start; each names key, found and allowed.</summary>
public sealed class EdgeOptionsTests
{
    [Theory]
    [InlineData("x-envoy-external-address", "401", "")]
    [InlineData("X-Client", "403", "127.0.0.1")]
    [InlineData("", "upstream", "10.0.0.0/8, fd00::/8,::1")]
    [InlineData(null, "/challenge", "127.0.0.1")]
    [InlineData(null, "https://example.org/challenge?a=b", "0.0.0.0/1")]
    public void Options_ThatWork_HaveNoFault(string? header, string challenge, string proxies) => Assert.Null(Faults(header, challenge, proxies));

    [Theory]
    [InlineData("X-Forwarded-For", "Edge:Envoy:AddressHeader: found 'X-Forwarded-For'; allowed is the name of a header that Envoy itself sets to one address, such as x-envoy-external-address, and none of x-forwarded-for, x-real-ip, forwarded, cookie, authorization.")]
    [InlineData("X-Real-IP", "Edge:Envoy:AddressHeader: found 'X-Real-IP'")]
    [InlineData("cookie", "Edge:Envoy:AddressHeader: found 'cookie'")]
    [InlineData(":path", "Edge:Envoy:AddressHeader: found ':path'")]
    [InlineData("x client", "Edge:Envoy:AddressHeader: found 'x client'")]
    public void AddressHeader_ThatClientsWrite_IsAFault(string header, string fault) => Assert.StartsWith(fault, Assert.Single(Faults(header, "401", "")!), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("200")]
    [InlineData("0401")]
    [InlineData("429")]
    [InlineData("challenge")]
    [InlineData("//example.org/")]
    [InlineData("/\\example.org/")]
    [InlineData("http://example.org/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/a b")]
    [InlineData("/a\nb")]
    public void Challenge_ThatIsNone_IsAFault(string challenge) => Assert.Equal(
        $"Edge:Envoy:Challenge: found '{challenge}'; allowed are 401, 403, 428, upstream (the application sees to it), and where to redirect to: a path such as /challenge, or an https URL.",
        Assert.Single(Faults(header: null, challenge, "")!));

    [Theory]
    [InlineData("10.0.0.0/33", "10.0.0.0/33")]
    [InlineData("127.0.0.1,,10.0.0.1", "")]
    [InlineData("127.0.0.1, 10.0.0.1/8", "10.0.0.1/8")]
    [InlineData("nginx", "nginx")]
    [InlineData("127.0.0.1, 0.0.0.0/0", "0.0.0.0/0")] // everybody's word would be believed
    [InlineData("::/0", "::/0")]
    [InlineData("1", "1")]
    public void TrustedProxies_ThatAreNoNetworks_AreAFault(string proxies, string found) => Assert.Equal(
        $"Edge:Http:TrustedProxies: found '{found}'; allowed are networks such as 10.0.0.0/8 (no bit set behind the length, which is 1 at least) and addresses, with commas between them.",
        Assert.Single(Faults(header: null, "401", proxies)!));

    [Fact]
    public void Faults_OfAllThree_AreToldAtOnce() => Assert.Equal(3, Faults("cookie", "no", "no")!.Count());

    private static IEnumerable<string>? Faults(string? header, string challenge, string proxies) => new EdgeOptionsRules()
        .Validate(name: null, new EdgeOptions { Envoy = { AddressHeader = header, Challenge = challenge }, Http = { TrustedProxies = proxies } }).Failures;
}
