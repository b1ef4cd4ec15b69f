extern alias client;

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using client::SpamGuard.Client;
using client::SpamGuard.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using SpamGuard.AspNetCore;
using SpamGuard.IntegrationTests.Client;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.AspNetCore;

/// <summary>An application on Kestrel that has its requests checked, behind a proxy on loopback that it knows.</summary>
internal sealed class CheckedApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http = new();
    private readonly Measured _measured;

    private CheckedApp(WebApplication app, LogCapture log)
    {
        (_app, Log) = (app, log);
        _measured = new Measured(app.Services);
    }

    public LogCapture Log { get; }

    public IReadOnlyList<string> Measurements => _measured.Lines;

    public Uri Url => new(_app.Urls.Single());

    /// <summary>The client of a server.</summary>
    public static Action<IServiceCollection> Of(ServerFixture server) => services => services.AddSpamGuardClient(options =>
    {
        options.Address = new Uri(server.Url(Listener.Grpc));
        options.Timeout = TimeSpan.FromSeconds(10); // what is answered is of interest here, and other tests share the processor
        options.ReportTimeout = TimeSpan.FromSeconds(10);
    });

    /// <summary>A fake.</summary>
    public static Action<IServiceCollection> Of(ISpamGuardClient fake) => services => services.AddSingleton(fake);

    /// <summary>Starts one.</summary>
    /// <param name="client">Its client, and other services.</param>
    /// <param name="configure">Its checks; by default a header <c>Answer: right</c>, or a field, is the proof.</param>
    /// <param name="map">More endpoints.</param>
    /// <param name="knowsProxy">Whether it takes addresses from the proxy.</param>
    /// <param name="last">Services over all others.</param>
    public static async Task<CheckedApp> StartAsync(
        Action<IServiceCollection> client, Action<SpamGuardChecksOptions>? configure = null, Action<WebApplication>? map = null, bool knowsProxy = true,
        Action<IServiceCollection>? last = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var log = new LogCapture();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.AddCapture(log);
        client(builder.Services);
        builder.Services.AddRouting();
        builder.Services.AddMetrics();
        builder.Services.AddProblemDetails();
        builder.Services.AddControllersWithViews().AddApplicationPart(typeof(CheckedController).Assembly);
        builder.Services.AddSpamGuardChecks(options =>
        {
            options.VerifyChallenge = static async proof => proof.HttpContext.Request.HasFormContentType
                ? (await proof.HttpContext.Request.ReadFormAsync())["answer"] == "right"
                : proof.HttpContext.Request.Headers["Answer"] == "right";
            configure?.Invoke(options);
        });
        builder.Services.Configure<ForwardedHeadersOptions>(options => options.ForwardedHeaders = knowsProxy ? ForwardedHeaders.XForwardedFor : ForwardedHeaders.None);
        last?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseForwardedHeaders();
        app.UseRouting();
        app.MapControllers();
        app.MapPost("/sign-up", static (SpamGuardCheck check) => Seen.Of(check)).RequireSpamGuard(EventKind.SignUp);
        app.MapPost("/message", static (HttpContext context) => Seen.Of(context)).RequireSpamGuard(EventKind.Message);
        map?.Invoke(app);
        await app.StartAsync().DefaultTimeout();
        return new CheckedApp(app, log);
    }

    /// <summary>Posts.</summary>
    /// <param name="path">Where.</param>
    /// <param name="address">From where.</param>
    /// <param name="state">What came with a challenge.</param>
    /// <param name="answer">The answer to it.</param>
    /// <param name="content">A body; it carries state and answer itself.</param>
    public Task<HttpResponseMessage> PostAsync(string path, string? address, string? state = null, string? answer = null, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Url, path)) { Content = content };
        Add("X-Forwarded-For", address);
        Add("SpamGuard-Challenge", state);
        Add("Answer", answer);
        return SendAsync(request);

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                request.Headers.Add(name, value);
            }
        }
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _http.SendAsync(request).DefaultTimeout();

    /// <summary>What the handler had, which must have run.</summary>
    public async Task<Seen> SeenAsync(string path, string? address, string? state = null, string? answer = null)
    {
        using var response = await PostAsync(path, address, state, answer);
        Assert.Equal(StatusCodes.Status200OK, (int)response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<Seen>())!;
    }

    /// <summary>The state of a challenge, which must have been set.</summary>
    public async Task<string> ChallengedAsync(string path, string? address, string? state = null, string? answer = null)
    {
        using var response = await PostAsync(path, address, state, answer);
        var problem = await ProblemAsync(response, StatusCodes.Status403Forbidden, SpamGuardChallenge.ProblemType);
        return problem.GetProperty("challengeState").GetString()!;
    }

    /// <summary>The state of a challenge that an address gets by what comes from it.</summary>
    public async Task<string> ChallengedByVolumeAsync(string address)
    {
        for (var i = 0; i < 10; i++)
        {
            using var response = await PostAsync("/sign-up", address);
            if (response.StatusCode == HttpStatusCode.Forbidden)
            {
                return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("challengeState").GetString()!;
            }
        }

        throw new InvalidOperationException("It was never challenged.");
    }

    /// <summary>Posts what was let through before.</summary>
    public async Task RepeatedAsync(string path, string? address, string? state, string? answer = null)
    {
        using var response = await PostAsync(path, address, state, answer);
        await ProblemAsync(response, StatusCodes.Status409Conflict, SpamGuardRefusal.RepeatedProblemType);
        Assert.Equal((null, true), (response.Headers.RetryAfter, response.Headers.CacheControl!.NoStore));
    }

    /// <summary>The problem details of an answer, which must be such.</summary>
    public static async Task<JsonElement> ProblemAsync(HttpResponseMessage response, int status, string type)
    {
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((status, "application/problem+json", type, status), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, problem.GetProperty("type").GetString(), problem.GetProperty("status").GetInt32()));
        return problem;
    }

    public async ValueTask DisposeAsync()
    {
        _measured.Dispose();
        _http.Dispose();
        await _app.StopAsync().DefaultTimeout();
        await _app.DisposeAsync();
    }
}
