using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SpamGuard.Addresses;
using SpamGuard.Server.Edge;
using SpamGuard.Server.Http;

namespace SpamGuard.IntegrationTests.Edge;

/// <summary>Where nothing is odd, the framework's own middleware finds the same client; and where something is, nobody is believed.</summary>
public sealed class ForwardedForTests
{
    private const int Rounds = 2000;
    private static readonly string[] Trusted = ["10.0.0.1", "10.255.255.254", "fd00::17", "127.0.0.1"];
    private static readonly string[] Strangers = ["25.0.0.1", "25.0.0.1:4711", "2a00::1", "[2a00::2]:443", "11.0.0.1", "192.168.0.1"];

    [Theory]
    [InlineData("192.0.2.1, unknown")]
    [InlineData("192.0.2.1, 4")]
    [InlineData("192.0.2.1, 0x7f.0.0.1")]
    [InlineData("192.0.2.1, 0.0.0.0")]
    [InlineData("192.0.2.1, for=192.0.2.4")]
    [InlineData("192.0.2.1, 192.0.2.4/32")]
    [InlineData("\"192.0.2.4\"")]
    [InlineData("[2001:db8::4")]
    [InlineData("192.0.2.1, 192.0.2.256, 10.1.2.3")]
    [InlineData("")]
    public void Client_BehindWhatIsNoAddress_IsTheLastThatIsKnown(string forwardedFor)
    {
        var options = new EdgeOptions { Http = new HttpEdgeOptions { TrustedProxies = EdgeServerFixture.TrustedProxies } };
        var forwarded = new ForwardedFor(Options.Create(options), NullLogger<ForwardedFor>.Instance);

        foreach (var peer in (IPAddress[])[IPAddress.Loopback, IPAddress.Parse("10.1.2.3")])
        {
            var client = forwarded.Client(Request(peer, [forwardedFor]));
            Assert.True(ClientAddress.From(peer).Equals(client) || (forwardedFor.EndsWith(", 10.1.2.3", StringComparison.Ordinal) && ClientAddress.From(IPAddress.Parse("10.1.2.3")).Equals(client)));
        }
    }

    [Fact]
    public void Client_OfWellFormedHops_IsThatOfTheFrameworksMiddleware()
    {
        var random = new Random(17);
        var options = new EdgeOptions { Http = new HttpEdgeOptions { TrustedProxies = EdgeServerFixture.TrustedProxies } };
        var forwarded = new ForwardedFor(Options.Create(options), NullLogger<ForwardedFor>.Instance);
        var middleware = Middleware();
        var followed = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var peer = IPAddress.Parse(Pick(random, [.. Trusted, "25.9.9.9"]));
            var hops = Enumerable.Range(0, random.Next(5)).Select(_ => Pick(random, [.. Trusted, .. Strangers])).ToList();
            var (ours, theirs) = (Request(peer, hops), Request(peer, hops));

            middleware.ApplyForwarders(theirs);

            Assert.True(ClientAddress.From(theirs.Connection.RemoteIpAddress!).Equals(forwarded.Client(ours)), $"Round {round} differs.");
            followed += theirs.Connection.RemoteIpAddress!.Equals(peer) ? 0 : 1;
        }

        Assert.InRange(followed, Rounds / 4, Rounds);
    }

    private static string Pick(Random random, IReadOnlyList<string> from) => from[random.Next(from.Count)];

    private static DefaultHttpContext Request(IPAddress peer, List<string> hops)
    {
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = peer } };
        context.Request.Headers[ForwardedHeadersDefaults.XForwardedForHeaderName] = string.Join(", ", hops);
        return context;
    }

    private static ForwardedHeadersMiddleware Middleware()
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in (string[])["127.0.0.1/32", "10.0.0.0/8", "fd00::/8"])
        {
            options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
        }

        return new ForwardedHeadersMiddleware(static _ => Task.CompletedTask, NullLoggerFactory.Instance, Options.Create(options));
    }
}
