using SpamGuard.Promise.World;
using SpamGuard.Server.Callers;
using SpamGuard.Testing.Privacy;

namespace SpamGuard.Promise.Clauses;

/// <summary>Known addresses and digests went through every call: they are nowhere afterwards.</summary>
internal sealed class HashOnly : IClause
{
    /// <summary>Fewer characters than this and nothing came in: it would prove nothing.</summary>
    private const int FewestCharacters = 1000;

    private const string Ecosystem = "/grpc.";

    public string Name => "hash only";

    public string Promise => "Of an address, an account, a content or a reporter nothing leaves the process but a keyed hash.";

    public async Task RunAsync(RunningWorld world, Findings findings, CancellationToken cancellationToken)
    {
        await world.Commands.CatchUpAsync();
        var calls = world.Traffic.Calls;
        var unmet = MethodRoles.All.Keys.Where(static path => !path.StartsWith(Ecosystem, StringComparison.Ordinal)).Where(path => !calls.ContainsKey(path[(path.LastIndexOf('.') + 1)..])).Order(StringComparer.Ordinal).ToList();
        findings.Must(unmet.Count == 0, $"{calls.Values.Sum(static one => one.Calls)} calls with {Canaries.Secrets} secrets" + (unmet.Count == 0 ? $", {calls.Count} methods" : $"; no call of {string.Join(", ", unmet)}"));
        foreach (var sink in world.Sinks)
        {
            var pieces = await sink.ReadAsync();
            var leaks = pieces.SelectMany(piece => Canaries.Detector.Find(sink.Name, piece, sink.HoldsBytes)).ToList();
            var found = string.Join(", ", leaks.Select(static leak => $"{leak.Secret} as {leak.Form}").Distinct(StringComparer.Ordinal));
            var size = pieces.Sum(static piece => piece.Length);
            findings.Must(
                size >= FewestCharacters && leaks.Count == 0,
                $"{sink.Name}: {pieces.Count} pieces, {size} characters: {(leaks.Count == 0 ? "none holds a secret in any form" : $"{leaks.Count} times {found}")}");
        }
    }
}
