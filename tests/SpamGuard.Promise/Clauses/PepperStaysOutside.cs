using System.Globalization;
using System.Security.Cryptography;
using SpamGuard.Epochs;
using SpamGuard.Promise.World;
using SpamGuard.Testing;
using SpamGuard.Testing.Privacy;

namespace SpamGuard.Promise.Clauses;

/// <summary>Looks for the pepper wherever the service writes, and for what can be recognised without it.</summary>
internal sealed class PepperStaysOutside : IClause
{
    public string Name => "the pepper is elsewhere";

    public string Promise => "The pepper is never in the store, and without it a copy of the store, salts and all, recognises nobody; one that a live epoch names can't be taken from the service by mistake.";

    public async Task RunAsync(RunningWorld world, Findings findings, CancellationToken cancellationToken)
    {
        await world.Commands.CatchUpAsync();
        var detector = new CanaryDetector(CanaryForms.OfSecret("the pepper", world.Pepper.Bytes));
        foreach (var sink in world.Sinks)
        {
            var leaks = await detector.FindAsync(sink);
            findings.Must(leaks.Count == 0, leaks.Count == 0 ? $"{sink.Name}: the pepper is in none of them" : $"{sink.Name}: the pepper, {leaks[0].Form}");
        }

        var other = new Pepper(world.ServiceFolder);
        var known = await TokenBook.RecognisedAsync(world.Redis.Admin, world.Pepper.Bytes, Canaries.V4, Canaries.V6);
        var guessed = await TokenBook.RecognisedAsync(world.Redis.Admin, other.Bytes, Canaries.V4, Canaries.V6);
        findings.Must(known.Count > 0 && guessed.Count == 0, $"with the salts, two addresses are recognised in {known.Count} records by the pepper and in {guessed.Count} by another");

        await using var stranger = world.Launch(world.Redis, other.Path);
        await Poll.UntilAsync(() => Task.FromResult(stranger.ExitCode is not null || stranger.Output.Contains("Listening", StringComparison.Ordinal))).DefaultTimeout();
        var serves = stranger.ExitCode is null && await stranger.IsServingAsync();
        findings.Must(!serves, $"the service with another pepper {(serves ? "takes calls" : $"takes none: it ended with code {stranger.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "none"}")}");
        File.Delete(other.Path);
        await ExchangedAsync(world, findings);
    }

    /// <summary>Mounts another pepper in the place of that which the epochs name.</summary>
    private static async Task ExchangedAsync(RunningWorld world, Findings findings)
    {
        world.Pepper.Exchange(RandomNumberGenerator.GetBytes(PepperRing.PepperSize));
        var (rejected, applied) = (0.0, 0.0);
        await Poll.UntilAsync(async () =>
        {
            rejected = await world.Service.MetricAsync("spamguard_pepper_reloads_total", "rejected") ?? 0;
            applied = await world.Service.MetricAsync("spamguard_pepper_reloads_total", "applied") ?? 0;
            return rejected + applied > 0;
        }).DefaultTimeout();
        world.Pepper.Exchange(world.Pepper.Bytes);
        findings.Must(
            rejected > 0 && applied == 0 && await world.Service.IsServingAsync(),
            string.Create(CultureInfo.InvariantCulture, $"another pepper mounted in its place while the service runs: rejected {rejected} times and applied {applied}; the service goes on under the old one"));
    }
}
