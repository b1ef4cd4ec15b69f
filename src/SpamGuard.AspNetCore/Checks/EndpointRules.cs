using System.Reflection;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SpamGuard.AspNetCore.Checks;

/// <summary>
/// Stops a start where an endpoint looks checked and isn't, for nobody would notice. What counts is whether the filter became a part of what answers requests, not what sort of endpoint it is.
/// </summary>
internal sealed class EndpointRules(IServiceProvider services) : IHostedLifecycleService
{
    private const string PostElsewhere = "allowed is a minimal API or a controller that is checked, to which that is posted.";

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var endpoints = services.GetService<EndpointDataSource>()?.Endpoints ?? [];
        var faults = endpoints.Select(static endpoint => (Endpoint: endpoint, Text: Fault(endpoint))).Concat(Unasked(endpoints)).Where(static fault => fault.Text is not null)
            .Select(static fault => $"{fault.Endpoint.DisplayName}: {fault.Text}").Distinct(StringComparer.Ordinal).ToList();
        return faults.Count == 0 ? Task.CompletedTask : throw new InvalidOperationException(string.Join(Environment.NewLine, faults));
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static string? Fault(Endpoint endpoint)
    {
        var metadata = endpoint.Metadata;
        if (metadata.GetMetadata<CompiledPageActionDescriptor>()?.HandlerMethods.FirstOrDefault(static handler => Has(handler.MethodInfo)) is { } handler)
        {
            return $"found [RequireSpamGuard(...)] on {handler.MethodInfo.Name}, which handlers of Razor Pages don't run; allowed is [RequireSpamGuard(...)] on the page's model.";
        }

        var (action, mark) = (metadata.GetMetadata<ActionDescriptor>(), metadata.GetMetadata<FilteredEndpoint>());
        if (metadata.GetMetadata<RequireSpamGuardAttribute>() is null
            || metadata.GetMetadata<ISuppressMatchingMetadata>() is { SuppressMatching: true } // that of a conventional route, which only makes links
            || ((action is not null || mark is not null) && AcceptsNothing(endpoint)))
        {
            return null;
        }

        if (metadata.GetMetadata<NegotiateMetadata>() is not null)
        {
            return $"found RequireSpamGuard, which hubs and connections run for no message that comes by them; {PostElsewhere}";
        }

        if (metadata.OfType<IDynamicEndpointMetadata>().Any(static one => one.IsDynamic) && action is null)
        {
            return "found RequireSpamGuard(...), which is not run where an action or a page is looked up for each request; allowed is [RequireSpamGuard(...)] on the action or the page's model.";
        }

        if (metadata.OfType<FilteredEndpoint>().Any(static one => one.IsRun) || action?.FilterDescriptors.Any(static one => one.Filter is RequireSpamGuardAttribute) == true)
        {
            return null;
        }

        return (action, metadata.GetMetadata<ComponentTypeMetadata>(), mark) switch
        {
            (PageActionDescriptor, _, _) => "found RequireSpamGuard(...), which Razor Pages don't run; allowed is [RequireSpamGuard(...)] on the page's model.",
            (not null, _, _) => "found [RequireSpamGuard(...)] as metadata, which controllers don't run; allowed is the attribute on the controller or the action.",
            (_, not null, _) => $"found RequireSpamGuard, which Blazor's components don't run; {PostElsewhere}",
            (_, _, null) => "found [RequireSpamGuard(...)], which endpoints other than controllers and pages don't run; allowed is RequireSpamGuard(...) behind Map...(...).",
            _ => $"found RequireSpamGuard(...), which this endpoint doesn't run; {PostElsewhere}",
        };
    }

    // A group, or a controller, may have GETs beside what it accepts. A call or an attribute that is about nothing else was meant to ask.
    private static IEnumerable<(Endpoint Endpoint, string? Text)> Unasked(IEnumerable<Endpoint> endpoints) => endpoints
        .SelectMany(static endpoint => Own(endpoint).Select(own => (Own: own, Endpoint: endpoint)))
        .GroupBy(static one => one.Own, static one => one.Endpoint)
        .Where(static all => all.All(AcceptsNothing))
        .Select(static all => (all.First(), (string?)"found RequireSpamGuard, which asks about no request by GET, HEAD, OPTIONS or TRACE, and others don't come here; allowed is an endpoint that takes others, as POST."));

    private static IEnumerable<object> Own(Endpoint endpoint)
    {
        var calls = endpoint.Metadata.OfType<FilteredEndpoint>().Select(static mark => mark.Call).OfType<object>();
        var method = endpoint.Metadata.GetMetadata<ControllerActionDescriptor>()?.MethodInfo;
        return method is not null && Has(method) ? calls.Append(method) : calls;
    }

    private static bool Has(MethodInfo method) => method.IsDefined(typeof(RequireSpamGuardAttribute), inherit: true);

    private static bool AcceptsNothing(Endpoint endpoint) => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is { HttpMethods: { Count: > 0 } methods } && methods.All(Gate.IsSafe);
}
