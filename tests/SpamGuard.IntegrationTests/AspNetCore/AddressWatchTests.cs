extern alias client;

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using client::SpamGuard.Client.Testing;
using client::SpamGuard.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using SpamGuard.AspNetCore;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.AspNetCore;

/// <summary>A proxy that the application does not know is warned of, with what to set and without an address.</summary>
public sealed class AddressWatchTests(TestAddressFixture server) : IClassFixture<TestAddressFixture>
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(57));

    [Fact]
    public async Task Clients_ManyBehindAPrivateAddress_AreWarnedOfOnceAnHour()
    {
        await using var app = await StartAsync(knowsProxy: false);

        await ComeAsync(app, 9);
        await ComeAsync(app, 9); // the same again are not more
        Assert.Empty(Warnings(app));
        await ComeAsync(app, 30);
        var warning = Assert.Single(Warnings(app));
        Assert.Equal((1, "ManyClients"), (warning.Event.Id, warning.Event.Name));
        foreach (var what in (string[])["a private address", "10 clients", "UseForwardedHeaders", "KnownProxies", "KnownIPNetworks", "ForwardLimit"])
        {
            Assert.Contains(what, warning.Message, StringComparison.Ordinal);
        }

        _time.Advance(TimeSpan.FromMinutes(59));
        await ComeAsync(app, 30);
        Assert.Single(Warnings(app));
        _time.Advance(TimeSpan.FromMinutes(1));
        await ComeAsync(app, 30);
        Assert.Equal(2, Warnings(app).Count);
        Assert.Contains("spamguard.aspnetcore.suspect_addresses{cause=many_clients} 1", app.Measurements);
        Assert.DoesNotContain("127.0.0.1", string.Join('\n', Warnings(app)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clients_ManyByAccounts_AreToldApartByThem()
    {
        await using var app = await CheckedApp.StartAsync(
            Services, static options => options.Account = static context => ValueTask.FromResult<string?>(context.Request.Headers["Answer"]), knowsProxy: false);

        for (var i = 0; i < 10; i++)
        {
            using var response = await app.PostAsync("/message", null, answer: i.ToString(CultureInfo.InvariantCulture));
        }

        Assert.Equal("ManyClients", Assert.Single(Warnings(app)).Event.Name);
    }

    [Fact]
    public async Task Clients_ManyWithAddressesOfTheirOwn_AreNothingToWarnOf()
    {
        await using var app = await StartAsync(knowsProxy: true);

        for (var i = 0; i < 200; i++)
        {
            using var response = await app.PostAsync("/sign-up", $"10.1.2.{i}");
        }

        await ComeAsync(app, 30, "203.0.113.7"); // many behind one public address: a carrier, an office
        Assert.Empty(Warnings(app));
    }

    [Fact]
    public async Task ForwardedFor_ThatNothingProcessed_IsWarnedOfOnceAnHour()
    {
        await using var app = await StartAsync(knowsProxy: false);

        using var first = await app.PostAsync("/sign-up", "203.0.113.1");
        using var second = await app.PostAsync("/sign-up", "203.0.113.1");
        var warning = Assert.Single(Warnings(app));
        _time.Advance(TimeSpan.FromHours(1));
        using var third = await app.PostAsync("/sign-up", "203.0.113.1");

        Assert.Equal((2, "ForwardedNotProcessed", 2), (warning.Event.Id, warning.Event.Name, Warnings(app).Count));
        Assert.Contains("X-Forwarded-For", warning.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("203.0.113", app.Log.AllText, StringComparison.Ordinal); // to look whether it is there is not to read it
        Assert.Equal(3, app.Measurements.Count(static line => line == "spamguard.aspnetcore.suspect_addresses{cause=forwarded} 1"));
    }

    [Theory]
    [InlineData("\", 203.0.113.4", "loopback")] // what a client sends before what the proxy appends: to the middleware one text in quotes
    [InlineData("x\", 203.0.113.4", "loopback")]
    [InlineData("\"198.51.100.1, 203.0.113.4", "loopback")]
    [InlineData("\", 203.0.113.4:51234", "loopback")] // as some proxies write it
    [InlineData("\", [2001:db8::4]:51234", "loopback")]
    [InlineData("\", ::ffff:203.0.113.4", "loopback")]
    [InlineData("\", 203.0.113.4", "all")]
    [InlineData("\", 203.0.113.1, 203.0.113.4", "two")] // what stands before is anybody's word
    [InlineData("\", 203.0.113.4, 127.0.0.1", "two")]
    public async Task ForwardedFor_LeftByTheMiddlewareBehindAProxyThatIsKnown_EndsWithTheAddressThatIsAskedAbout(string forwardedFor, string known)
    {
        await using var app = await CheckedApp.StartAsync(
            services =>
            {
                CheckedApp.Of(server)(KnowAll(services, known == "all"));
                services.Configure<ForwardedHeadersOptions>(options => options.ForwardLimit = known == "two" ? 2 : 1);
            });

        using var response = await app.SendAsync(Forwarded(app, forwardedFor));

        await CheckedApp.ProblemAsync(response, 403, SpamGuardRefusal.DeniedProblemType); // as only this address is
        Assert.Equal("ForwardedNotProcessed", Assert.Single(Warnings(app)).Event.Name);
        Assert.DoesNotContain(app.Log.Logs, static log => log.Category.StartsWith("SpamGuard", StringComparison.Ordinal) && log.Text.Contains("203.0.113", StringComparison.Ordinal)); // the middleware's own say it at Debug
    }

    [Theory]
    [InlineData("198.51.100.1, 203.0.113.4", true)] // by a Unix socket the middleware takes the last one, though no proxy is named
    [InlineData("203.0.113.4", true)]
    [InlineData("198.51.100.1, 203.0.113.4", false)]
    [InlineData("\", 203.0.113.4", true)] // what that can't read is read here
    [InlineData("\", 198.51.100.1, 203.0.113.4", false)]
    public async Task ForwardedFor_ByAUnixSocket_IsTheLastThatIsWritten(string forwardedFor, bool knowsAll)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using var app = await CheckedApp.StartAsync(services =>
        {
            CheckedApp.Of(server)(KnowAll(services, knowsAll));
            services.Configure<KestrelServerOptions>(options => options.ListenUnixSocket(path));
        });
        using var http = UnixClient(path);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://localhost/sign-up") ;
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwardedFor);

        using var response = await http.SendAsync(request).DefaultTimeout();

        await CheckedApp.ProblemAsync(response, 403, SpamGuardRefusal.DeniedProblemType);
        Assert.Equal(forwardedFor.Contains('"', StringComparison.Ordinal) ? ["ForwardedNotProcessed"] : [], Warnings(app).Select(static warning => warning.Event.Name));
    }

    [Fact]
    public async Task ForwardedFor_OfAClientAtTheProxysOwnAddress_IsBelievedNoFurtherThanTheLimit()
    {
        var fake = new FakeSpamGuardClient();
        await using var app = await CheckedApp.StartAsync(services => Services(services, fake));

        using var tunnel = await app.PostAsync("/sign-up", "203.0.113.4, 127.0.0.1"); // a client by way of a tunnel that ends on the proxy's machine, which made up the first

        await CheckedApp.ProblemAsync(tunnel, 403, SpamGuardChallenge.ProblemType);
        Assert.Empty(fake.Scored);
    }

    [Fact]
    public async Task Challenge_OfAClientWhoseHeaderTheMiddlewareLeaves_IsBoundToItsAddress()
    {
        await using var app = await CheckedApp.StartAsync(CheckedApp.Of(server));

        var state = await app.ChallengedAsync("/sign-up", "\", 203.0.113.2");

        await app.ChallengedAsync("/sign-up", "\", 198.51.100.2", state, "right");
        Assert.True((await app.SeenAsync("/sign-up", "203.0.113.2", state, "right")).IsChallengePassed);
    }

    [Theory]
    [InlineData("\", 203.0.113.4", "none")]
    [InlineData("203.0.113.4", "none")]
    [InlineData("\", unknown", "loopback")]
    [InlineData("203.0.113.4, 127.0.0.1", "loopback")] // of two proxies in a row the nearer one, and another than the limit says
    [InlineData("\", 203.0.113.4, 127.0.0.1", "loopback")]
    [InlineData("\", 203.0.113.4, ", "loopback")]
    [InlineData("\"", "loopback")]
    [InlineData("\"", "all")]
    public async Task ForwardedFor_LeftByTheMiddlewareBehindAProxy_HasTheVerdictOfNoAddress(string forwardedFor, string known)
    {
        var fake = new FakeSpamGuardClient();
        await using var app = await CheckedApp.StartAsync(services => Services(services, fake, known == "all"), knowsProxy: known != "none");

        using var response = await app.SendAsync(Forwarded(app, forwardedFor));

        await CheckedApp.ProblemAsync(response, 403, SpamGuardChallenge.ProblemType);
        Assert.Empty(fake.Scored);
        Assert.Contains(nameof(Verdict.Challenge), Assert.Single(Warnings(app)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("203.0.113.4")]
    [InlineData("\"")]
    public async Task ForwardedFor_OfAClientWithAPublicAddress_IsNotLookedAt(string forwardedFor)
    {
        var fake = new FakeSpamGuardClient();
        await using var app = await CheckedApp.StartAsync(
            services =>
            {
                Services(services, fake);
                services.AddSingleton<IStartupFilter>(new PublicPeer());
            },
            knowsProxy: false);

        using var response = await app.SendAsync(Forwarded(app, forwardedFor, saysProcessed: false));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Single(fake.Scored);
        Assert.Equal("ForwardedNotProcessed", Assert.Single(Warnings(app)).Event.Name);
    }

    [Fact]
    public async Task ForwardedFor_WithALieInFrontOfTheProxysWord_IsNothingToWarnOf()
    {
        await using var app = await StartAsync(knowsProxy: true);

        using var response = await app.PostAsync("/sign-up", "198.51.100.1, 203.0.113.1"); // the last one is the proxy's

        Assert.Empty(Warnings(app));
    }

    [Fact]
    public async Task Address_ThatIsMissing_HasTheVerdictOfTheConfiguration()
    {
        var fake = new FakeSpamGuardClient();
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using var app = await CheckedApp.StartAsync(
            services =>
            {
                Services(services, fake);
                services.Configure<KestrelServerOptions>(options => options.ListenUnixSocket(path));
            });
        using var http = UnixClient(path);

        using var response = await http.PostAsync(new Uri("http://localhost/sign-up"), null).DefaultTimeout();

        var problem = await CheckedApp.ProblemAsync(response, 403, SpamGuardChallenge.ProblemType);
        using var answer = new HttpRequestMessage(HttpMethod.Post, "http://localhost/sign-up")
        {
            Headers = { { "SpamGuard-Challenge", problem.GetProperty("challengeState").GetString() }, { "Answer", "right" } },
        };
        using var passed = await http.SendAsync(answer).DefaultTimeout();

        Assert.Equal(HttpStatusCode.OK, passed.StatusCode);
        Assert.Empty(fake.Scored);
        Assert.Equal((3, "NoAddress"), (Assert.Single(Warnings(app)).Event.Id, Warnings(app)[0].Event.Name));
        Assert.Contains(nameof(Verdict.Challenge), Warnings(app)[0].Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<CapturedLog> Warnings(CheckedApp app) =>
        [.. app.Log.Logs.Where(static log => log.Level >= LogLevel.Warning && log.Category.StartsWith("SpamGuard.AspNetCore", StringComparison.Ordinal))];

    private static HttpClient UnixClient(string path) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });

    private static async Task ComeAsync(CheckedApp app, int clients, string? address = null)
    {
        for (var i = 0; i < clients; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(app.Url, "/sign-up"));
            request.Headers.Add("User-Agent", $"browser-{i}");
            if (address is not null)
            {
                request.Headers.Add("X-Forwarded-For", address);
            }

            using var response = await app.SendAsync(request);
        }
    }

    // With the header too by which the middleware says that it took an address.
    private static HttpRequestMessage Forwarded(CheckedApp app, string forwardedFor, bool saysProcessed = true)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(app.Url, "/sign-up"));
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwardedFor);
        if (saysProcessed)
        {
            request.Headers.Add("X-Original-For", "127.0.0.1:4711");
        }

        return request;
    }

    private void Services(IServiceCollection services) => Services(services, new FakeSpamGuardClient());

    private void Services(IServiceCollection services, FakeSpamGuardClient fake, bool knowsAll = false) => CheckedApp.Of(fake)(KnowAll(services.AddSingleton<TimeProvider>(_time), knowsAll));

    private static IServiceCollection KnowAll(IServiceCollection services, bool isToBe)
    {
        if (isToBe)
        {
            services.Configure<ForwardedHeadersOptions>(static options =>
            {
                options.KnownProxies.Clear();
                options.KnownIPNetworks.Clear();
            });
        }

        return services;
    }

    private Task<CheckedApp> StartAsync(bool knowsProxy) => CheckedApp.StartAsync(Services, knowsProxy: knowsProxy);

    /// <summary>A connection from the internet.</summary>
    private sealed class PublicPeer : IStartupFilter, IConnectionSocketFeature
    {
        public Socket Socket
        {
            get
            {
                var gone = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                gone.Dispose();
                return gone;
            }
        }

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, next) =>
            {
                context.Features.Set<IConnectionSocketFeature>(this);
                context.Connection.RemoteIpAddress = IPAddress.Parse("198.51.100.7");
                return next(context);
            });
            next(app);
        };
    }
}
