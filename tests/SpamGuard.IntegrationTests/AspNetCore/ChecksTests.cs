extern alias client;

using System.Net;
using client::SpamGuard.Client.Testing;
using client::SpamGuard.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using SpamGuard.AspNetCore;

namespace SpamGuard.IntegrationTests.AspNetCore;

/// <summary>What becomes of a request by its verdict, whichever way its endpoint asks for the check.</summary>
public sealed class ChecksTests(TestAddressFixture server) : IClassFixture<TestAddressFixture>
{
    public static TheoryData<string> Ways => new("/sign-up", "/mvc/sign-up", "/mapped", "/group/sign-up");

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Request_ByItsVerdict_IsLetThroughChallengedOrRefused(string path)
    {
        await using var app = await StartAsync();

        var seen = await app.SeenAsync(path, "203.0.113.1");
        Assert.Equal(("SignUp", "Allow", false), (seen.Kind, seen.Verdict, seen.IsChallengePassed));
        Assert.NotNull(seen.DecisionToken);

        using var challenged = await app.PostAsync(path, "203.0.113.2");
        var problem = await CheckedApp.ProblemAsync(challenged, 403, SpamGuardChallenge.ProblemType);
        Assert.NotEmpty(problem.GetProperty("challengeState").GetString()!);
        Assert.False(problem.TryGetProperty("reasons", out _));
        Assert.Null(challenged.Headers.RetryAfter);

        using var throttled = await app.PostAsync(path, "203.0.113.3");
        _ = await CheckedApp.ProblemAsync(throttled, 429, SpamGuardRefusal.ThrottledProblemType);
        Assert.Equal(TimeSpan.FromSeconds(60), throttled.Headers.RetryAfter?.Delta);

        using var denied = await app.PostAsync(path, "203.0.113.4");
        _ = await CheckedApp.ProblemAsync(denied, 403, SpamGuardRefusal.DeniedProblemType);
        Assert.Equal(TimeSpan.FromSeconds(60), denied.Headers.RetryAfter?.Delta);
        Assert.All([challenged, throttled, denied], static response => Assert.True(response.Headers.CacheControl?.NoStore));
        foreach (var outcome in (string[])["passed", "challenged", "throttled", "denied"])
        {
            Assert.Equal(1, app.Measurements.Count(line => line == $"spamguard.aspnetcore.checks{{kind=sign_up,outcome={outcome}}} 1"));
        }
    }

    [Fact]
    public async Task Refusal_WithReasonsAndAnAnswerOfTheApplication_HasThem()
    {
        await using var app = await StartAsync(static options =>
        {
            options.IncludeReasons = true;
            options.OnRefused = static refusal => ValueTask.FromResult<IResult>(TypedResults.Text($"{refusal.Kind} {refusal.Assessment.Verdict} {refusal.Problem.Status}", statusCode: 418));
            options.OnChallenge = static challenge => ValueTask.FromResult<IResult>(TypedResults.Json(challenge.Problem, statusCode: 402));
        });

        using var refused = await app.PostAsync("/mvc/message", "203.0.113.3");
        using var challenged = await app.PostAsync("/sign-up", "203.0.113.2");

        Assert.Equal((418, "Message Throttle 429"), ((int)refused.StatusCode, await refused.Content.ReadAsStringAsync()));
        Assert.Equal((402, true), ((int)challenged.StatusCode, (await challenged.Content.ReadAsStringAsync()).Contains("\"reasons\":[\"TEST_ADDRESS\"]", StringComparison.Ordinal)));
        Assert.Equal(TimeSpan.FromSeconds(60), refused.Headers.RetryAfter?.Delta);
    }

    [Theory]
    [InlineData("application/json", "application/problem+json")]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", "application/problem+json")]
    [InlineData("text/html", "application/problem+json")]
    public async Task Refusal_WhateverIsAccepted_IsOneThatAClientCanRead(string accept, string expected)
    {
        await using var app = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(app.Url, "/sign-up"));
        request.Headers.Add("X-Forwarded-For", "203.0.113.4");
        request.Headers.Accept.ParseAdd(accept);

        using var refused = await app.SendAsync(request);

        Assert.Equal((HttpStatusCode.Forbidden, expected), (refused.StatusCode, refused.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task Kind_NearerToTheEndpoint_Counts()
    {
        await using var app = await StartAsync();

        Assert.Equal("Message", (await app.SeenAsync("/group/message", "203.0.113.1")).Kind);
        Assert.Equal("Message", (await app.SeenAsync("/mvc/message", "203.0.113.1")).Kind);
    }

    [Fact]
    public async Task Endpoint_ThatIsAskedForTwice_AsksOnce()
    {
        var fake = new FakeSpamGuardClient();
        await using var app = await CheckedApp.StartAsync(CheckedApp.Of(fake), map: Map);

        await app.SeenAsync("/group/message", "203.0.113.1");
        await app.SeenAsync("/mvc/message", "203.0.113.1");

        Assert.Equal([EventKind.Message, EventKind.Message], fake.Scored.Select(static one => one.Kind));
    }

    [Theory]
    [InlineData("GET", "/mvc/form", "unasked")]
    [InlineData("GET", "/group/form", "False")]
    public async Task Request_ThatAcceptsNothing_IsNotAskedAbout(string method, string path, string expected)
    {
        var fake = new FakeSpamGuardClient { Answer = static _ => FakeSpamGuardClient.Assessment(Verdict.Deny) };
        await using var app = await CheckedApp.StartAsync(CheckedApp.Of(fake), map: Map);
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(app.Url, path));

        using var response = await app.SendAsync(request);

        Assert.Equal(expected, await response.Content.ReadAsStringAsync());
        Assert.Empty(fake.Scored);
    }

    [Fact]
    public async Task Request_ThatCantBeBound_IsNotCounted()
    {
        var fake = new FakeSpamGuardClient();
        await using var app = await CheckedApp.StartAsync(CheckedApp.Of(fake), map: Map);
        using var mistyped = new FormUrlEncodedContent([KeyValuePair.Create("number", "none")]);

        using var minimal = await app.PostAsync("/group/number?number=none", "203.0.113.1");
        using var action = await app.PostAsync("/mvc/valid?number=none", "203.0.113.1");
        using var skipped = await app.PostAsync("/form", "203.0.113.1", content: mistyped);

        Assert.All([minimal, action], static response => Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode));
        Assert.Equal("mistyped, unasked: 0", await skipped.Content.ReadAsStringAsync());
        Assert.Empty(fake.Scored);
    }

    [Fact]
    public async Task Request_WithAccountAndContent_IsAskedAboutByTheirDigests()
    {
        var fake = new FakeSpamGuardClient();
        await using var app = await CheckedApp.StartAsync(CheckedApp.Of(fake), static options =>
        {
            options.Account = static context => ValueTask.FromResult<string?>("a:" + context.Request.Query["account"]);
            options.Content = static context => ValueTask.FromResult<string?>("c:" + context.Request.Query["content"]);
        });

        await app.SeenAsync("/message?account=1&content=2", "203.0.113.1");

        var asked = Assert.Single(fake.Scored);
        Assert.Equal((EventKind.Message, "a:1", "c:2"), (asked.Kind, asked.Account, asked.Content));
    }

    [Fact]
    public async Task Event_ThatTheServiceCantTake_IsAFaultOfTheApplicationAndLogged()
    {
        await using var app = await StartAsync();

        using var response = await app.PostAsync("/sign-up", "224.0.0.1"); // multicast: no event comes from there

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        var logged = Assert.Single(app.Log.Logs, static log => log.Level >= LogLevel.Error);
        Assert.Equal((4, "NotTaken"), (logged.Event.Id, logged.Event.Name));
        Assert.Contains("InvalidArgument", logged.Exception, StringComparison.Ordinal);
        Assert.Contains("spamguard.aspnetcore.checks{kind=sign_up,outcome=fault} 1", app.Measurements);
    }

    [Fact]
    public async Task Outcome_Reported_IsThatOfTheDecisionOrOfTheEventWhereThereWasNone()
    {
        var fake = new FakeSpamGuardClient();
        await using var app = await CheckedApp.StartAsync(CheckedApp.Of(fake), static options => options.VerdictWithoutAddress = Verdict.Allow, static app =>
        {
            app.MapPost("/report", static async (HttpContext context) => (await context.ReportSpamGuardOutcomeAsync(OutcomeLabel.Spam, "somebody"))?.Result.ToString() ?? "nothing").RequireSpamGuard(EventKind.Message);
            app.MapPost("/unchecked", (Delegate)(static (HttpContext context) => context.ReportSpamGuardOutcomeAsync(OutcomeLabel.Spam)));
        });

        using var reported = await app.PostAsync("/report", "203.0.113.1");
        using var uncheckedOne = await app.PostAsync("/unchecked", "203.0.113.1");

        Assert.Equal("Applied", await reported.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.InternalServerError, uncheckedOne.StatusCode);
        var report = Assert.Single(fake.Reports);
        Assert.Equal(("fake-decision-1", OutcomeLabel.Spam, "somebody"), (report.DecisionToken, report.Label, report.Reporter));
    }

    [Fact]
    public async Task Endpoint_WithoutTheServices_SaysWhichAreNeeded()
    {
        var builder = WebApplication.CreateSlimBuilder();
        await using var app = builder.Build();
        app.MapPost("/sign-up", static () => "accepted").RequireSpamGuard(EventKind.SignUp);

        var refused = Assert.Throws<InvalidOperationException>(() => ((IEndpointRouteBuilder)app).DataSources.SelectMany(static source => source.Endpoints).ToList());
        Assert.Contains("AddSpamGuardChecks", refused.Message, StringComparison.Ordinal);
    }

    private Task<CheckedApp> StartAsync(Action<SpamGuardChecksOptions>? configure = null) => CheckedApp.StartAsync(CheckedApp.Of(server), configure, static app =>
    {
        Map(app);
        app.MapControllers().RequireSpamGuard(EventKind.SignUp);
    });

    private static void Map(WebApplication app)
    {
        var group = app.MapGroup("/group").RequireSpamGuard(EventKind.SignUp);
        group.MapPost("/sign-up", static (SpamGuardCheck check) => Seen.Of(check));
        group.MapPost("/message", static (SpamGuardCheck check) => Seen.Of(check)).RequireSpamGuard(EventKind.Message);
        group.MapPost("/number", static (int number) => number);
        group.MapGet("/form", static (SpamGuardCheck check) => check.IsDone.ToString());
    }
}
