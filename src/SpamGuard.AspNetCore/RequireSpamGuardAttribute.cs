using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using SpamGuard.AspNetCore.Checks;
using SpamGuard.V1;

namespace SpamGuard.AspNetCore;

/// <summary>
/// Has an action, the actions of a controller or a Razor Page (on its model) ask SpamGuard before it runs, once its parameters are bound. Requests by GET, HEAD, OPTIONS and TRACE accept nothing and
/// are let through without being asked about. Of two kinds the one nearer to the action counts.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class RequireSpamGuardAttribute : Attribute, IAsyncActionFilter, IAsyncPageFilter, IOrderedFilter
{
    /// <summary>Has it asked.</summary>
    /// <param name="kind">What is accepted.</param>
    /// <exception cref="ArgumentOutOfRangeException">The kind is none.</exception>
    public RequireSpamGuardAttribute(EventKind kind) =>
        Kind = kind is EventKind.SignUp or EventKind.Message ? kind : throw new ArgumentOutOfRangeException(nameof(kind), kind, "Allowed are SignUp and Message.");

    /// <summary>What is accepted.</summary>
    public EventKind Kind { get; }

    /// <summary>
    /// Whether a request whose model is invalid is let through unasked, so that whoever mistypes a form isn't counted each time: only for code that looks at <c>ModelState.IsValid</c> before it accepts
    /// anything. Default: no.
    /// </summary>
    public bool SkipInvalidModel { get; set; }

    /// <inheritdoc/>
    public int Order { get; set; }

    /// <inheritdoc/>
    async Task IAsyncActionFilter.OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        if (!IsSkipped(context.ModelState) && await ActionGate.CheckAsync(context, Kind, context.Controller) is { } result)
        {
            context.Result = result;
            return;
        }

        var executed = await next();
        SpamGuardCheck.Of(context.HttpContext).Handled(executed.Canceled || executed.Exception is not null);
    }

    /// <inheritdoc/>
    async Task IAsyncPageFilter.OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (!IsSkipped(context.ModelState) && await ActionGate.CheckAsync(context, Kind, context.HandlerInstance) is { } result)
        {
            context.Result = result;
            return;
        }

        var executed = await next();
        SpamGuardCheck.Of(context.HttpContext).Handled(executed.Canceled || executed.Exception is not null);
    }

    /// <inheritdoc/>
    Task IAsyncPageFilter.OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    private bool IsSkipped(ModelStateDictionary model) => SkipInvalidModel && !model.IsValid;
}
