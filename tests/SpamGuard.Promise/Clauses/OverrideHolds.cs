using System.Diagnostics;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using SpamGuard.Promise.World;
using SpamGuard.Testing;
using SpamGuard.Testing.Privacy;
using SpamGuard.V1;

namespace SpamGuard.Promise.Clauses;

/// <summary>Has an operator decide about an address, for seconds and until it is taken back, and about one that only a decision token names.</summary>
internal sealed class OverrideHolds : IClause
{
    /// <summary>The address of which something is said that ends by itself.</summary>
    public const string Ending = "61.10.0.1";

    private const string Cleared = "61.20.0.1";
    private const string Reported = "61.30.0.1";
    private const string Why = "appealed-4c7be02d95";
    private const string Override = "OPERATOR_OVERRIDE";
    private const int MostReporters = 40;
    private const int LifeSeconds = 8;
    private const double MostSeconds = 5; // two, and what a busy machine adds
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public string Name => "an override holds and ends";

    public string Promise => "What an operator says of an address counts within two seconds and ends when it was said to, or is taken back; by a decision token it is said of an address that nobody has to see. Who said it and why only the desk knows.";

    public async Task RunAsync(RunningWorld world, Findings findings, CancellationToken cancellationToken)
    {
        var ending = await SetAsync(world, new OverrideServiceSetRequest { Address = Ending, Verdict = Verdict.Deny, Ttl = new Duration { Seconds = LifeSeconds } });
        await world.AtAsync(Moment.OverrideSet);
        await InForceAsync(world, findings, Ending, EventKind.SignUp, Verdict.Deny, "said of an address");
        await ClearedAsync(world, findings);
        await AppealAsync(world, findings);
        await EndsAsync(world, findings, ending);
        await UntoldAsync(world, findings);
    }

    private static async Task<OverrideServiceSetResponse?> SetAsync(RunningWorld world, OverrideServiceSetRequest request)
    {
        request.Reason = Why;
        return await world.Traffic.SetAsync(request, Callers.Support);
    }

    /// <summary>Waits until the verdict is another, and says when.</summary>
    private static async Task<(Assessment Answer, double Seconds)> UntilAsync(RunningWorld world, string address, EventKind kind, Func<Verdict, bool> isSo)
    {
        var (watch, answer) = (Stopwatch.StartNew(), new Assessment());
        await Poll.UntilAsync(async () =>
        {
            answer = await world.Traffic.PreviewAsync(new PreviewRequest { Event = new Event { Kind = kind, Address = address } });
            return isSo(answer.Verdict) || watch.Elapsed > Patience;
        }).DefaultTimeout();
        return (answer, watch.Elapsed.TotalSeconds);
    }

    private static async Task InForceAsync(RunningWorld world, Findings findings, string address, EventKind kind, Verdict verdict, string what)
    {
        var (answer, seconds) = await UntilAsync(world, address, kind, found => found == verdict);
        var isSaid = answer.Reasons.Any(static reason => reason.Code == Override);
        findings.Must(
            answer.Verdict == verdict && isSaid && seconds <= MostSeconds,
            string.Create(CultureInfo.InvariantCulture, $"{what}: {answer.Verdict} {seconds:0.0} s later{(isSaid ? $", and that it is an operator's ({Override})" : "")}"));
    }

    private static async Task ClearedAsync(RunningWorld world, Findings findings)
    {
        var set = await SetAsync(world, new OverrideServiceSetRequest { Address = Cleared, Verdict = Verdict.Throttle, Ttl = new Duration { Seconds = 600 } });
        await InForceAsync(world, findings, Cleared, EventKind.SignUp, Verdict.Throttle, "said of another");
        var cleared = set is not null && await world.Traffic.ClearAsync(set.Id, Callers.Support) is not null;
        var (answer, seconds) = await UntilAsync(world, Cleared, EventKind.SignUp, static found => found != Verdict.Throttle);
        findings.Must(cleared && answer.Verdict == Verdict.Allow && seconds <= MostSeconds, string.Create(CultureInfo.InvariantCulture, $"taken back: {answer.Verdict} {seconds:0.0} s later"));
    }

    /// <summary>Reports until the model denies, and appeals by the token of the denial.</summary>
    private static async Task AppealAsync(RunningWorld world, Findings findings)
    {
        var (denied, reports) = (new Assessment(), 0);
        while (denied.Verdict != Verdict.Deny && reports < MostReporters)
        {
            denied = await world.Traffic.ScoreAsync(new ScoreRequest { Event = new Event { Kind = EventKind.Message, Address = Reported }, RequestId = Traffic.NewRequestId() });
            await world.Traffic.ReportAsync(new ReportOutcomeRequest { DecisionToken = denied.DecisionToken, Reporter = string.Create(CultureInfo.InvariantCulture, $"person-{reports++}") });
        }

        findings.Must(denied.Verdict == Verdict.Deny, $"after {reports} reports of as many people a message is {denied.Verdict}");
        await SetAsync(world, new OverrideServiceSetRequest { DecisionToken = denied.DecisionToken, Verdict = Verdict.Allow, Ttl = new Duration { Seconds = 600 } });
        await InForceAsync(world, findings, Reported, EventKind.Message, Verdict.Allow, "an appeal by the token of that decision");
    }

    private static async Task EndsAsync(RunningWorld world, Findings findings, OverrideServiceSetResponse? ending)
    {
        if (ending is null)
        {
            findings.Must(false, "nothing could be said of an address");
            return;
        }

        await Poll.UntilAsync(async () => await TokenBook.SecondAsync(world.Redis.Admin) >= ending.ExpireTime.Seconds).DefaultTimeout();
        var (answer, seconds) = await UntilAsync(world, Ending, EventKind.SignUp, static found => found != Verdict.Deny);
        findings.Must(
            answer.Verdict == Verdict.Allow && seconds <= MostSeconds,
            string.Create(CultureInfo.InvariantCulture, $"at the end that was said, {LifeSeconds} s after it was: {answer.Verdict} {seconds:0.0} s later"));
        var (watch, listed, odd) = (Stopwatch.StartNew(), (IReadOnlyList<Override>)[], new List<string>());
        await Poll.UntilAsync(async () =>
        {
            // By the desk's notion of the store's clock, which may be a moment late, one that has just ended is not to be found.
            listed = await world.Traffic.OverridesAsync(Callers.Support);
            odd = [.. listed.Where(static one => one.State != OverrideState.InForce).Select(static one => one.State.ToString())];
            return odd.Count == 0 || watch.Elapsed.TotalSeconds > MostSeconds;
        }).DefaultTimeout();
        findings.Must(listed.Count > 0 && odd.Count == 0, $"the desk lists {listed.Count}, {(odd.Count == 0 ? "all in force" : string.Join(", ", odd))}");
    }

    /// <summary>Looks for the reason, and for who gave it: a caller who does nothing else.</summary>
    private static async Task UntoldAsync(RunningWorld world, Findings findings)
    {
        await world.Commands.CatchUpAsync();
        string[] secrets = [Why, Callers.Uri(Callers.Support)];
        List<(string Name, IReadOnlyList<string> Pieces)> places = [("the log of the process that scores", [world.Service.Output]), ("its metrics", [await world.Service.MetricsAsync()])];
        foreach (var sink in (ISink[])[new KeyspaceSink(world.Redis.Admin), new SnapshotSink(world.Redis), world.Commands])
        {
            places.Add((sink.Name, await sink.ReadAsync()));
        }

        var told = places.Where(place => place.Pieces.Any(piece => secrets.Any(secret => piece.Contains(secret, StringComparison.Ordinal)))).Select(static place => place.Name).ToList();
        var known = LedgerText.Read(world.Ledger.FilePath).DoneOf("override_set").Count(static one => one.Intent.Text("reason") == Why);
        findings.Must(
            told.Count == 0 && known == 3,
            $"who said it and why is in the desk's ledger ({known} of 3 times), and {(told.Count == 0 ? $"in none of {string.Join(", ", places.Select(static place => place.Name))}" : $"in {string.Join(", ", told)}")}");
    }
}
