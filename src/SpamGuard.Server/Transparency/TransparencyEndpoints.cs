using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using SpamGuard.Desk.Ledger;
using SpamGuard.Desk.Transparency;
using SpamGuard.Desk.Transparency.Rendering;
using SpamGuard.Server.Listeners;

namespace SpamGuard.Server.Transparency;

/// <summary>The public page, and the same as JSON and CSV, on a listener that serves nothing else.</summary>
internal static class TransparencyEndpoints
{
    private const string Page = "/transparency";
    private const string Html = "text/html; charset=utf-8";
    private const string Json = "application/json";
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Registers what is kept of it.</summary>
    public static void AddTransparencyPage(this IServiceCollection services) => services.AddSingleton<RenderedReports>();

    /// <summary>Maps the page, where this process is the desk.</summary>
    public static void MapTransparency(this WebApplication app)
    {
        if (app.Services.GetService<RenderedReports>() is not { } rendered)
        {
            return;
        }

        var reporter = app.Services.GetRequiredService<TransparencyReporter>();
        var ledger = app.Services.GetRequiredService<DeskLedger>();
        var digests = app.Services.GetRequiredService<DigestPages>();
        Map("", context => Report(context, Html, HtmlReport.Of, fault => Results.Bytes(HtmlReport.Of(fault, reporter.Span), Html)));
        Map(".json", context => Report(context, Json, JsonReport.Of, Fault));
        Map(".csv", context => Report(context, "text/csv; charset=utf-8; header=present", CsvReport.Of, Fault));
        Map("/digests", Digests);
        Map("/head.json", context => Growing(context, RenderedReport.Of(JsonSerializer.SerializeToUtf8Bytes(ledger.Head.ToJson())), Json));

        void Map(string suffix, Func<HttpContext, IResult> answer) => app.MapMethods(Page + suffix, Methods, context =>
        {
            Harden(context.Response.Headers);
            return answer(context).ExecuteAsync(context);
        }).ServeOn(Listener.Transparency);

        IResult Report(HttpContext context, string type, Func<TransparencyReport, byte[]> render, Func<PeriodFault, IResult> refuse)
        {
            if (Query(context.Request.Query, out var fault)?.Read(reporter.Span, out fault) is not { } period)
            {
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                context.Response.Headers.CacheControl = "no-store";
                return refuse(fault!);
            }

            return Answer(rendered.Get(type, period, period => render(reporter.Report(period))), type);
        }

        IResult Digests(HttpContext context)
        {
            var text = (string?)context.Request.Query["page"];
            var (page, pages) = (1, digests.Count);
            if (!string.IsNullOrEmpty(text) && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out page) || page < 1 || page > pages))
            {
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                context.Response.Headers.CacheControl = "no-store";
                return Fault(new PeriodFault("page", "no such page", string.Create(CultureInfo.InvariantCulture, $"pages from 1 to {pages}")));
            }

            var isFull = page < pages;
            if (isFull)
            {
                context.Response.Headers.Link = string.Create(CultureInfo.InvariantCulture, $"<{Page}/digests?page={page + 1}>; rel=\"next\"");
            }

            const string Type = "text/plain; charset=us-ascii";
            try
            {
                var digest = RenderedReport.Of(digests[page]);
                return isFull ? Answer(digest, Type) : Growing(context, digest, Type);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                context.Response.Headers.CacheControl = "no-store"; // what is wrong with the ledger its own look at it says, in log and metrics
                return Results.Problem("The ledger can't be read now.", statusCode: StatusCodes.Status503ServiceUnavailable);
            }
        }
    }

    private static PeriodQuery? Query(IQueryCollection query, out PeriodFault? fault)
    {
        var period = (string?)query["period"];
        var isAll = string.Equals(period, "all", StringComparison.Ordinal);
        fault = string.IsNullOrEmpty(period) || isAll ? null : new PeriodFault("period", "another word", "all");
        return fault is null ? new PeriodQuery(query["from"], query["to"], isAll) : null;
    }

    // The framework answers 304 where the client has it already, and no body to HEAD.
    private static IResult Answer(RenderedReport report, string type) => Results.Bytes(report.Body, type, entityTag: report.Tag);

    // What changes with each entry is asked for anew: a kept page would not reach a head that was fetched after it.
    private static IResult Growing(HttpContext context, RenderedReport report, string type)
    {
        context.Response.Headers.CacheControl = "no-cache";
        return Answer(report, type);
    }

    private static IResult Fault(PeriodFault fault) => Results.Problem(new ProblemDetails
    {
        Status = StatusCodes.Status400BadRequest,
        Title = "There is no such report.",
        Detail = fault.ToString(),
        Extensions = { ["field"] = fault.Field, ["found"] = fault.Found, ["allowed"] = fault.Allowed },
    });

    private static void Harden(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = HtmlReport.SecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "public, max-age=60";
    }
}
