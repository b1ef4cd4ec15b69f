using SpamGuard.Promise.World;
using SpamGuard.Testing;
using SpamGuard.Testing.Privacy;

namespace SpamGuard.Promise.Clauses;

/// <summary>Looks for the pepper wherever the service writes, and for what can be recognised without it.</summary>
internal sealed class PepperStaysOutside : IClause
{
    public string Name => "the pepper is elsewhere";

    public string Promise => "The pepper is never in the store, and without it a copy of the store, salts and all, recognises nobody.";

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

        await using var stranger = world.LaunchService(other);
        await Poll.UntilAsync(() => Task.FromResult(stranger.ExitCode is not null || stranger.Output.Contains("Listening", StringComparison.Ordinal))).DefaultTimeout();
        var serves = stranger.ExitCode is null && await stranger.IsServingAsync();
        findings.Must(!serves, $"the service with another pepper {(serves ? "takes calls" : $"takes none: it ended with code {stranger.ExitCode?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}")}");
        File.Delete(other.Path);
    }
}
