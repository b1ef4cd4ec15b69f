using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SpamGuard.AspNetCore.Checks;

/// <summary>Stops a start where an endpoint looks checked and isn't: the attribute on the handler of a minimal API, a filter on Razor Pages. Nobody would notice.</summary>
internal sealed class EndpointRules(IServiceProvider services) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var faults = (services.GetService<EndpointDataSource>()?.Endpoints ?? []).Select(Fault).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
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
        var (isFiltered, isRequired) = (endpoint.Metadata.GetMetadata<FilteredEndpoint>() is not null, endpoint.Metadata.GetMetadata<RequireSpamGuardAttribute>() is not null);
        return endpoint.Metadata.GetMetadata<ActionDescriptor>() switch
        {
            PageActionDescriptor when isFiltered => $"{endpoint.DisplayName}: found RequireSpamGuard(...), which Razor Pages don't run; allowed is [RequireSpamGuard(...)] on the page's model.",
            null when isRequired && !isFiltered => $"{endpoint.DisplayName}: found [RequireSpamGuard(...)], which endpoints other than controllers and pages don't run; allowed is RequireSpamGuard(...) behind Map...(...).",
            _ => null,
        };
    }
}
