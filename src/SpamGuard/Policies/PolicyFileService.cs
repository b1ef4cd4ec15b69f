using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SpamGuard.Policies.Files;

namespace SpamGuard.Policies;

/// <summary>Takes over what the policy file holds, as long as the process runs.</summary>
internal sealed class PolicyFileService(IOptions<PolicyOptions> options, PolicyKeeper keeper) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => options.Value.First is { } first
        ? first.Watch.RunAsync(files => keeper.Take(PolicyFile.Of(files)), stoppingToken)
        : Task.CompletedTask;
}
