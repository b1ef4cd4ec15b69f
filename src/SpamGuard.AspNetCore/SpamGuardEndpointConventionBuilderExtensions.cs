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
    /// without being asked about. Of two kinds the one nearer to the endpoint counts.
    /// </summary>
    /// <typeparam name="TBuilder">An endpoint's, a group's or that of controllers; Razor Pages take <see cref="RequireSpamGuardAttribute"/>.</typeparam>
    /// <param name="builder">The endpoint or the group.</param>
    /// <param name="kind">What it accepts.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The kind is none.</exception>
    public static TBuilder RequireSpamGuard<TBuilder>(this TBuilder builder, EventKind kind)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.WithMetadata(new RequireSpamGuardAttribute(kind), FilteredEndpoint.Instance);
        return builder.AddEndpointFilterFactory((endpoint, next) =>
        {
            var gate = Gate.Of(endpoint.ApplicationServices);
            return async context =>
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
        });
    }

    // A minimal API whose parameters can't be bound runs its filters, and then not its handler: nothing is accepted.
    private static bool IsUnbound(HttpContext context) =>
        context.Response.StatusCode == StatusCodes.Status400BadRequest && context.GetEndpoint()?.Metadata.GetMetadata<ActionDescriptor>() is null;
}
