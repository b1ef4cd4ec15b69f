using System.Globalization;
using Grpc.Core;
using SpamGuard.Promise.World;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.Promise.Clauses;

/// <summary>Watches the desk enter an act, fills its disk, kills it in the middle of another, and reads the ledger as somebody does who does not trust the desk.</summary>
internal sealed class LedgerHolds : IClause
{
    private const string Address = "68.10.0.1";
    private const string Erase = "SubjectService/Erase";

    /// <summary>What each privileged method is called in the ledger.</summary>
    private static readonly (string Method, string Act)[] Acts =
    [
        ("SubjectService/Inspect", "subject_inspect"),
        (Erase, "subject_erase"),
        ("EpochService/Roll", "epoch_roll"),
        ("OverrideService/Set", "override_set"),
        ("OverrideService/Clear", "override_clear"),
        ("DisclosureService/Open", "disclosure_open"),
        ("DisclosureService/Decide", "disclosure_decide"),
        ("DisclosureService/Execute", "disclosure_execute"),
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private string _head = "";

    public string Name => "the ledger holds";

    public string Promise => "Whatever is privileged is entered, on the disk, before it is begun and before it is answered; without room nothing is done, a crash in the middle is told, and whoever kept a head sees any change before it.";

    public async Task BeginAsync(RunningWorld world, Findings findings, CancellationToken cancellationToken)
    {
        _head = world.PathOf("kept.head");
        await File.WriteAllTextAsync(_head, LedgerText.Read(world.Ledger.FilePath).Head(), cancellationToken);
    }

    public async Task RunAsync(RunningWorld world, Findings findings, CancellationToken cancellationToken)
    {
        await world.Traffic.ScoreAsync(new ScoreRequest { Event = Traffic.SignUp(Address), RequestId = Traffic.NewRequestId() });
        await SyncedAsync(world, findings);
        await FullAsync(world, findings);
        var killed = await KilledAsync(world, findings);
        await world.AtAsync(Moment.DeskKilled);
        var isUp = await StartsAsync(world, cancellationToken);
        findings.Must(isUp, $"the desk {(isUp ? "starts over its ledger" : "does not start any more over its ledger")}");
        Unknown(world, findings);
        await VerifiedAsync(world, findings);
        Counted(world, findings);
        if (!isUp)
        {
            // Other clauses have need of a desk.
            await File.WriteAllBytesAsync(world.Ledger.FilePath, killed, cancellationToken);
            await world.StartDeskAsync(cancellationToken);
        }
    }

    /// <summary>Both halves of an act, and its answer.</summary>
    private static async Task SyncedAsync(RunningWorld world, Findings findings)
    {
        var file = world.Ledger.FilePath;
        var (entries, syncs) = (Ledger(world).Entries.Count, SyncTrace.Read(world.DeskTrace, file).Count);
        var answer = await world.Traffic.InspectAsync(Address);
        var answered = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;
        var entered = Ledger(world).Entries.Count - entries;
        IReadOnlyList<double> ended = [];
        try
        {
            await Poll.UntilAsync(() => Task.FromResult((ended = [.. SyncTrace.Read(world.DeskTrace, file).Skip(syncs)]).Count >= entered)).TimeoutAfter(Patience);
        }
        catch (TimeoutException)
        {
            // What did not happen can be waited for in vain only.
        }

        findings.Must(
            answer is { Epochs.Count: > 0 } && entered == 2 && ended.Count == entered && ended.All(end => end <= answered),
            $"one act made {entered} entries; strace saw {ended.Count} fsyncs of the ledger's file for them, {ended.Count(end => end <= answered)} of them over before the answer came");
    }

    private static async Task FullAsync(RunningWorld world, Findings findings)
    {
        var (ledger, records) = (await BytesAsync(world), await RecordsAsync(world));
        FileSizeLimit.Set(world.Desk.Id, ledger.Length + 40); // so that an entry is cut short
        string[] answers;
        try
        {
            answers =
            [
                await world.Traffic.AnswerToEraseAsync(Address),
                (await new Orders(world.Traffic).OpenAsync(Callers.Legal, [Address])).Answer,
            ];
        }
        finally
        {
            FileSizeLimit.Lift(world.Desk.Id);
        }

        var isSame = (await BytesAsync(world)).AsSpan().SequenceEqual(ledger);
        var isHeld = records.Count > 0 && records.SequenceEqual(await RecordsAsync(world));
        findings.Must(
            answers.All(static answer => answer == "LEDGER_UNWRITABLE") && isSame && isHeld,
            $"on a full disk: an erasure {answers[0]}, an order {answers[1]}; the ledger is {(isSame ? "as it was" : "changed")}, and {(isHeld ? "all" : "not all")} of {records.Count} records are as they were");
    }

    /// <summary>An erasure that waits for a store which stands still: it is entered, and not over.</summary>
    private static async Task<byte[]> KilledAsync(RunningWorld world, Findings findings)
    {
        world.Redis.Pause();
        try
        {
            var asked = world.Traffic.AnswerToEraseAsync(Address);
            await Poll.UntilAsync(() => Task.FromResult(Ledger(world).Of("subject_erase").Any(static one => one.Outcomes.Count == 0))).DefaultTimeout();
            await world.Desk.KillAsync();
            var answer = await asked;
            findings.Must(answer == nameof(StatusCode.Unavailable), $"killed in the middle of an erasure: the ledger has its intent and no outcome; who asked is told {answer}");
        }
        finally
        {
            world.Redis.Resume();
        }

        return await BytesAsync(world);
    }

    private static async Task<bool> StartsAsync(RunningWorld world, CancellationToken cancellationToken)
    {
        try
        {
            await world.StartDeskAsync(cancellationToken);
            return true;
        }
        catch (PromiseException)
        {
            return false;
        }
    }

    private static void Unknown(RunningWorld world, Findings findings)
    {
        var outcome = Ledger(world).Of("subject_erase").LastOrDefault().Outcomes is [var last] ? last.Result : null;
        findings.Must(outcome == "unknown", $"after its start what became of that erasure is entered as {outcome ?? "nothing"}");
    }

    private async Task VerifiedAsync(RunningWorld world, Findings findings)
    {
        var (code, _, error) = await CommandLineTool.RunAsync("ledger", "verify", world.Ledger.FilePath, "--since", _head);
        findings.Must(code == 0, $"spamguard ledger verify --since a head that was kept at the beginning ends with code {code}{(code == 0 ? "" : $": {error.Trim()}")}");
    }

    /// <summary>By a reader of its own: what was answered, and what is entered.</summary>
    private static void Counted(RunningWorld world, Findings findings)
    {
        var (ledger, calls) = (Ledger(world), world.Traffic.Calls);
        findings.Must(ledger.Fault is null, $"read without the product's code: {ledger.Entries.Count} lines, {ledger.Fault ?? "the hash of each chained to the one before"}");
        var wrong = new List<string>();
        var (answered, intents) = (0, 0);
        foreach (var (method, act) in Acts)
        {
            var (answers, begun, done) = (calls.GetValueOrDefault(method).Answers, ledger.Of(act).ToList(), ledger.DoneOf(act).Count());
            (answered, intents) = (answered + answers, intents + begun.Count);
            var halves = begun.Count(static one => one.Outcomes.Count != 1);
            if (done != answers || halves > 0)
            {
                wrong.Add($"{method}: {answers} answered, {done} entered as done, {halves} intents without one outcome");
            }
        }

        findings.Must(
            answered > 0 && wrong.Count == 0,
            string.Create(CultureInfo.InvariantCulture, $"{answered} calls of {Acts.Length} privileged methods were answered, and {intents} begun: ")
            + (wrong.Count == 0 ? "each has its intent, its outcome, and nothing is entered as done that was not answered" : string.Join("; ", wrong)));
    }

    private static LedgerText Ledger(RunningWorld world) => LedgerText.Read(world.Ledger.FilePath);

    private static async Task<byte[]> BytesAsync(RunningWorld world)
    {
        await using var file = new FileStream(world.Ledger.FilePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes);
        return bytes;
    }

    private static async Task<IReadOnlyList<string>> RecordsAsync(RunningWorld world) =>
        await TokenBook.RecordsAsync(world.Redis.Admin, world.Pepper.Bytes, Address);
}
