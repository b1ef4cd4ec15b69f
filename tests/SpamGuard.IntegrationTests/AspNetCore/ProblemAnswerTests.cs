extern alias client;

using System.Text.Json;
using client::SpamGuard.Client.Testing;
using client::SpamGuard.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SpamGuard.AspNetCore;

namespace SpamGuard.IntegrationTests.AspNetCore;

/// <summary>Problem details are written, whatever the endpoint is, the client accepts and the application has registered.</summary>
public sealed class ProblemAnswerTests
{
    private static readonly string[] Ways = ["/sign-up", "/mvc/sign-up", "/plain", "/mapped", "/form", "/page"];
    private static readonly string?[] Accepted = [null, "*/*", "application/json", "text/html", "text/html,application/xhtml+xml,*/*;q=0.8", "image/png"];

    [Theory]
    [InlineData(Verdict.Challenge, 403, SpamGuardChallenge.ProblemType)]
    [InlineData(Verdict.Throttle, 429, SpamGuardRefusal.ThrottledProblemType)]
    [InlineData(Verdict.Deny, 403, SpamGuardRefusal.DeniedProblemType)]
    public async Task Answer_OfEveryEndpoint_IsWrittenByTheServiceOrHere(Verdict verdict, int status, string type)
    {
        await using var without = await StartAsync(verdict, static services =>
        {
            services.RemoveAll<IProblemDetailsService>();
            services.Configure<ExceptionHandlerOptions>(static options => options.ExceptionHandler = static _ => Task.CompletedTask);
        });
        await using var with = await StartAsync(verdict);
        await using var customized = await StartAsync(verdict, Customize);

        foreach (var app in (CheckedApp[])[without, with, customized])
        {
            foreach (var (path, accept) in Ways.SelectMany(static way => Accepted, static (way, accept) => (way, accept)))
            {
                if (verdict == Verdict.Challenge && path == "/form")
                {
                    continue; // shows its challenges itself
                }

                var (problem, body) = await PostAsync(app, path, accept, status);

                Assert.True(problem is { } told && told.GetProperty("type").GetString() == type && told.GetProperty("status").GetInt32() == status, $"{path} {accept}: {body}");
                Assert.Equal(verdict == Verdict.Challenge, problem.Value.TryGetProperty("challengeState", out _));
                Assert.Equal((path, accept, app == customized), (path, accept, problem.Value.TryGetProperty("told", out _)));
            }
        }
    }

    [Fact]
    public async Task Answer_OfTheApplicationThatIsProblemDetails_IsWrittenToo()
    {
        await using var app = await StartAsync(Verdict.Deny, configure: static options => options.OnRefused = static refusal =>
        {
            refusal.Problem.Extensions["from"] = "the application";
            return ValueTask.FromResult<IResult>(TypedResults.Problem(refusal.Problem));
        });

        var (problem, _) = await PostAsync(app, "/plain", "text/html", StatusCodes.Status403Forbidden);

        Assert.Equal("the application", problem?.GetProperty("from").GetString());
    }

    [Fact]
    public async Task Fault_OfTheApplication_IsWrittenToo()
    {
        var fake = new FakeSpamGuardClient { Answer = static _ => throw new RpcException(new Status(StatusCode.InvalidArgument, "not taken")) };
        await using var app = await StartAsync(fake);

        var (problem, _) = await PostAsync(app, "/plain", accept: null, StatusCodes.Status500InternalServerError);

        Assert.Equal(StatusCodes.Status500InternalServerError, problem?.GetProperty("status").GetInt32());
    }

    private static Task<CheckedApp> StartAsync(Verdict verdict, Action<IServiceCollection>? last = null, Action<SpamGuardChecksOptions>? configure = null) =>
        StartAsync(new FakeSpamGuardClient { Answer = _ => FakeSpamGuardClient.Assessment(verdict) }, last, configure);

    private static Task<CheckedApp> StartAsync(FakeSpamGuardClient fake, Action<IServiceCollection>? last = null, Action<SpamGuardChecksOptions>? configure = null) => CheckedApp.StartAsync(
        services => CheckedApp.Of(fake)(services.AddTestPages()), // of problem details the first writer that takes them counts: that of MVC stands before that of AddProblemDetails
        configure,
        static app =>
        {
            app.MapControllers().RequireSpamGuard(EventKind.SignUp);
            app.MapRazorPages();
        },
        last: last);

    private static void Customize(IServiceCollection services) =>
        services.AddProblemDetails(static options => options.CustomizeProblemDetails = static context => context.ProblemDetails.Extensions["told"] = "by the application");

    private static async Task<(JsonElement? Problem, string Body)> PostAsync(CheckedApp app, string path, string? accept, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(app.Url, path));
        request.Headers.Add("X-Forwarded-For", "203.0.113.1");
        if (accept is not null)
        {
            request.Headers.Accept.ParseAdd(accept);
        }

        if (path == "/form")
        {
            request.Content = new FormUrlEncodedContent([KeyValuePair.Create("number", "1")]);
        }

        using var response = await app.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        Assert.Equal((path, accept, status, "application/problem+json"), (path, accept, (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        return (body.Length == 0 ? null : JsonSerializer.Deserialize<JsonElement>(body), body);
    }
}
