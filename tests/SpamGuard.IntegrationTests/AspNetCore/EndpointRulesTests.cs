extern alias client;

using System.Reflection;
using client::SpamGuard.Client.Testing;
using client::SpamGuard.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using SpamGuard.AspNetCore;

namespace SpamGuard.IntegrationTests.AspNetCore;

/// <summary>An endpoint that looks checked is, or the application doesn't start.</summary>
public sealed class EndpointRulesTests
{
    private const string PostElsewhere = "allowed is a minimal API or a controller that is checked, to which that is posted.";
    private const string OnlyGet = "found RequireSpamGuard, which asks about no request by GET, HEAD, OPTIONS or TRACE, and others don't come here; allowed is an endpoint that takes others, as POST.";
    private const string Component = $"found RequireSpamGuard, which Blazor's components don't run; {PostElsewhere}";
    private const string Page = "found RequireSpamGuard(...), which Razor Pages don't run; allowed is [RequireSpamGuard(...)] on the page's model.";
    private const string Dynamic = "found RequireSpamGuard(...), which is not run where an action or a page is looked up for each request; allowed is [RequireSpamGuard(...)] on the action or the page's model.";

    [Fact]
    public async Task Start_WithTheAttributeOnALambda_IsRefused() => Assert.Equal(
        [$"HTTP: POST /lambda: found [RequireSpamGuard(...)], which endpoints other than controllers and pages don't run; allowed is RequireSpamGuard(...) behind Map...(...)."],
        await RefusedAsync(static app => app.MapPost("/lambda", [RequireSpamGuard(EventKind.SignUp)] static () => "accepted")));

    [Fact]
    public async Task Start_WithComponents_IsRefusedForEachThatLooksChecked()
    {
        Assert.Equal([$"/marked-component (/marked-component): {Component}"], await RefusedAsync(static app => app.MapRazorComponents<PlainComponent>()));
        Assert.Equal(
            [$"/component (/component): {Component}", $"/marked-component (/marked-component): {Component}"],
            (await RefusedAsync(static app => app.MapRazorComponents<PlainComponent>().RequireSpamGuard(EventKind.SignUp))).Order(StringComparer.Ordinal));
        Assert.Equal(2, (await RefusedAsync(static app => app.MapGroup("/group").RequireSpamGuard(EventKind.SignUp).MapRazorComponents<PlainComponent>())).Count);
    }

    [Fact]
    public async Task Start_WithPagesThatAreCheckedWhereTheyAreMapped_IsRefusedForThoseThatAreNotByTheirModel() =>
        Assert.Equal([$"/Unchecked: {Page}"], await RefusedAsync(static app => app.MapRazorPages().RequireSpamGuard(EventKind.SignUp)));

    [Fact]
    public async Task Start_WithTheAttributeOnAPagesHandler_IsRefused() => Assert.Equal(
        ["/Page: found [RequireSpamGuard(...)] on Mark, which handlers of Razor Pages don't run; allowed is [RequireSpamGuard(...)] on the page's model."],
        await RefusedAsync(static app => app.MapPost("/handled", static () => "accepted").WithDisplayName("/Page").WithMetadata(new CompiledPageActionDescriptor
        {
            HandlerMethods = [new HandlerMethodDescriptor { MethodInfo = typeof(OnlyForms).GetMethod(nameof(OnlyForms.Mark))! }],
        })));

    [Fact]
    public async Task Start_WithAHub_IsRefusedForItsMessagesAreNoRequests() => Assert.Equal(
        [$"/hub/negotiate: found RequireSpamGuard, which hubs and connections run for no message that comes by them; {PostElsewhere}"],
        await RefusedAsync(static app => app.MapHub<Hub>("/hub").RequireSpamGuard(EventKind.Message)));

    [Fact]
    public async Task Start_WithAFallbackToActionsOrPages_IsRefused() => Assert.Equal(
        [$"Fallback /actions/{{**path}}: {Dynamic}", $"Fallback /pages/{{**path}}: {Dynamic}"],
        (await RefusedAsync(static app =>
        {
            app.MapFallbackToController("/actions/{**path}", "SignUp", "Unchecked").RequireSpamGuard(EventKind.SignUp);
            app.MapFallbackToPage("/pages/{**path}", "/Unchecked").RequireSpamGuard(EventKind.SignUp);
        })).Order(StringComparer.Ordinal));

    [Fact]
    public async Task Start_WithEndpointsOfASourceThatKnowsNoFilters_IsRefused() => Assert.Equal(
        [$"proxied: found RequireSpamGuard(...), which this endpoint doesn't run; {PostElsewhere}"],
        await RefusedAsync(static app =>
        {
            IEndpointRouteBuilder group = app.MapGroup("/group").RequireSpamGuard(EventKind.SignUp);
            group.DataSources.Add(new DefaultEndpointDataSource(new RouteEndpoint(static _ => Task.CompletedTask, RoutePatternFactory.Parse("/proxied"), 0, EndpointMetadataCollection.Empty, "proxied")));
        }));

    [Fact]
    public async Task Start_WithWhatOnlyShows_IsRefusedWhereThatItselfIsToBeChecked() => Assert.Equal(
        ["Fallback {*path:nonfile}: " + OnlyGet, "HTTP: GET /form: " + OnlyGet, $"{typeof(OnlyForms).FullName}.{nameof(OnlyForms.Mark)} (SpamGuard.IntegrationTests): {OnlyGet}"],
        (await RefusedAsync(static app =>
        {
            app.MapGet("/form", static () => "form").RequireSpamGuard(EventKind.SignUp);
            app.MapFallbackToFile("index.html").RequireSpamGuard(EventKind.SignUp);
        },
        static services => services.AddControllers().ConfigureApplicationPartManager(static parts => parts.FeatureProviders.Add(new OnlyForms.Provider())))).Order(StringComparer.Ordinal));

    [Fact]
    public async Task Start_WithGetsBesideOthers_Succeeds()
    {
        await using var app = await CheckedApp.StartAsync(Services, map: static app =>
        {
            var group = app.MapGroup("/group").RequireSpamGuard(EventKind.SignUp);
            group.MapGet("/form", static () => "form");
            group.MapFallbackToFile("index.html");
            app.MapMethods("/both", [HttpMethods.Get, HttpMethods.Post], static () => "both").RequireSpamGuard(EventKind.SignUp);
            app.MapControllerRoute("conventional", "{controller}/{action}").RequireSpamGuard(EventKind.SignUp);
        });

        using var form = await app.SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(app.Url, "/group/form")));
        Assert.Equal("form", await form.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/any")]
    [InlineData("/posted")]
    [InlineData("/health")]
    public async Task Endpoint_OfARequestDelegate_IsChecked(string path)
    {
        var fake = new FakeSpamGuardClient { Answer = static _ => FakeSpamGuardClient.Assessment(Verdict.Deny) };
        await using var app = await CheckedApp.StartAsync(services => CheckedApp.Of(fake)(services.AddHealthChecks().Services), map: static app =>
        {
            RequestDelegate handler = static context => context.Response.WriteAsync("accepted");
            app.Map("/any", handler).RequireSpamGuard(EventKind.SignUp);
            app.MapPost("/posted", handler).RequireSpamGuard(EventKind.SignUp);
            app.MapHealthChecks("/health").RequireSpamGuard(EventKind.SignUp);
        });

        using var refused = await app.PostAsync(path, "203.0.113.1");

        Assert.Equal((StatusCodes.Status403Forbidden, 1), ((int)refused.StatusCode, fake.Scored.Count));
    }

    private static void Services(IServiceCollection services)
    {
        CheckedApp.Of(new FakeSpamGuardClient())(services.AddTestPages());
        services.AddRazorComponents();
        services.AddSignalR();
    }

    private static async Task<IReadOnlyList<string>> RefusedAsync(Action<WebApplication> map, Action<IServiceCollection>? last = null)
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => CheckedApp.StartAsync(Services, map: map, last: last));
        return refused.Message.Split(Environment.NewLine);
    }

    /// <summary>A controller that no other test's application has: it isn't public.</summary>
    [Route("only-forms")]
    private sealed class OnlyForms : ControllerBase
    {
        [HttpGet]
        [RequireSpamGuard(EventKind.SignUp)]
        public ContentResult Mark() => Content("form");

        public sealed class Provider : IApplicationFeatureProvider<ControllerFeature>
        {
            public void PopulateFeature(IEnumerable<ApplicationPart> parts, ControllerFeature feature) => feature.Controllers.Add(typeof(OnlyForms).GetTypeInfo());
        }
    }
}
