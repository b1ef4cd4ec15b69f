using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Abstractions;
using SpamGuard.AspNetCore.Checks;
using SpamGuard.V1;

namespace SpamGuard.AspNetCore;

/// <summary>Has endpoints checked.</summary>
public static class SpamGuardEndpointConventionBuilderExtensions
{
    /// <summary>
    /// Has the endpoint, or each of the group, ask SpamGuard before its handler runs, once its parameters are bound. Requests by GET, HEAD, OPTIONS and TRACE accept nothing and are let through
    /// without being asked about. Of two kinds the one nearer to the endpoint counts. An endpoint that would not ask, as a Blazor component, stops the application's start.
    /// </summary>
    /// <typeparam name="TBuilder">An endpoint's, a group's or that of controllers; Razor Pages take <see cref="RequireSpamGuardAttribute"/>, and Blazor's components can't be checked.</typeparam>
    /// <param name="builder">The endpoint or the group.</param>
    /// <param name="kind">What it accepts.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The kind is none.</exception>
    public static TBuilder RequireSpamGuard<TBuilder>(this TBuilder builder, EventKind kind)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        var requirement = new RequireSpamGuardAttribute(kind);
        var call = builder is RouteHandlerBuilder ? new object() : null;
        builder.Add(endpoint =>
        {
            var mark = new FilteredEndpoint(call);
            endpoint.Metadata.Add(requirement);
            endpoint.Metadata.Add(mark);
            endpoint.FilterFactories.Add((context, next) =>
            {
                mark.IsRun = true;
                return Filter(Gate.Of(context.ApplicationServices), kind, next);
            });
        });
        return builder;
    }

    private static EndpointFilterDelegate Filter(Gate gate, EventKind kind, EndpointFilterDelegate next) => async context =>
    {
        if (!IsUnbound(context.HttpContext) && await gate.CheckAsync(context.HttpContext, kind) is { } barrier)
        {
            return await gate.AnswerAsync(barrier);
        }

        var hasFailed = true;
        try
        {
            var result = await next(context);
            hasFailed = false;
            return result;
        }
        finally
        {
            SpamGuardCheck.Of(context.HttpContext).Handled(hasFailed);
        }
    };

    // A minimal API whose parameters can't be bound runs its filters, and then not its handler: nothing is accepted.
    private static bool IsUnbound(HttpContext context) =>
        context.Response.StatusCode == StatusCodes.Status400BadRequest && context.GetEndpoint()?.Metadata.GetMetadata<ActionDescriptor>() is null;
}
