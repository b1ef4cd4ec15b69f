using Microsoft.AspNetCore.HttpOverrides;
using SpamGuard.AspNetCore;
using SpamGuard.Client;
using SpamGuard.Sample.SignUp;
using SpamGuard.V1;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddRazorPages();
builder.Services.AddProblemDetails();
builder.Services.AddSingleton<Accounts>();

builder.Services.AddSpamGuardClient(options =>
{
    options.Address = new Uri("http://127.0.0.1:5080"); // dotnet run --project src/SpamGuard.Server
    options.Timeout = TimeSpan.FromSeconds(1); // by default 50 ms, which a machine that builds something meanwhile does not keep: then everybody is let through
    builder.Configuration.GetSection(SpamGuardClientOptions.Section).Bind(options);
});
builder.Services.AddSpamGuardChecks(options =>
{
    options.OnChallenge = Answers.ToChallengeAsync; // of the API; the page shows its challenges itself
    options.OnRefused = Answers.ToRefusalAsync;
    options.VerifyChallenge = Question.IsAnsweredAsync;
    builder.Configuration.GetSection(SpamGuardChecksOptions.Section).Bind(options);
});

if (builder.Environment.IsDevelopment())
{
    // To come from any address: curl -H 'X-Forwarded-For: 203.0.113.2'. Loopback is the one proxy that is known by default; in production yours are, and no other.
    builder.Services.Configure<ForwardedHeadersOptions>(static options => options.ForwardedHeaders = ForwardedHeaders.XForwardedFor);
}

var app = builder.Build();
app.UseForwardedHeaders();
app.Use(static (context, next) =>
{
    context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    return next(context);
});
app.MapRazorPages();
app.MapPost("/api/sign-up", static (NewAccount account, SpamGuardCheck check, Accounts accounts) =>
    {
        accounts.Add(account.Name, check.DecisionToken);
        return TypedResults.Ok(new { account.Name, Verdict = check.Assessment.Verdict.ToString(), By = check.Assessment.Source.ToString(), check.IsChallengePassed });
    })
    .RequireSpamGuard(EventKind.SignUp);
app.Run();
