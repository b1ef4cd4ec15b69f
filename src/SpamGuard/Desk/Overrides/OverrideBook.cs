using System.Text.Json;
using System.Text.Json.Nodes;
using SpamGuard.Desk.Ledger;
using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Desk.Overrides;

/// <summary>What the ledger knows of overrides: who said what, when and why. Not of whom. What has ended is forgotten here, and stays in the ledger.</summary>
internal sealed class OverrideBook : ILedgerBook
{
    private const string IdName = "id";
    private const string SubjectName = "subject";
    private const string VerdictName = "verdict";
    private const string ReasonName = "reason";
    private const string ExpireTimeName = "expire_time";
    private const string NamingName = "naming";
    private const string BitsName = "significant_bits";
    private const string ReplacedName = "replaced";
    private const string ReplicasName = "replicas";

    private readonly Lock _gate = new();
    private readonly Dictionary<OverrideId, OverrideRecord> _records = [];

    // By the act that is begun: what it is about and then what it replaces, and how each stands if nothing comes of it.
    private readonly Dictionary<long, IReadOnlyList<(OverrideId Id, OverrideState Before)>> _begun = [];

    /// <summary>What is entered before an override is set.</summary>
    public static JsonObject Setting(OperatorOverride said, OverrideSubject subject, string reason, IEnumerable<OverrideId> replaced) => new()
    {
        [IdName] = said.Id.ToString(),
        [SubjectName] = Name(said.Subject.Kind),
        [BitsName] = subject.SignificantBits,
        [NamingName] = Name(subject.Naming),
        [VerdictName] = Name(said.Verdict),
        [ReasonName] = reason,
        [ExpireTimeName] = said.ExpireTime,
        [ReplacedName] = new JsonArray([.. replaced.Select(static id => (JsonNode)id.ToString())]),
    };

    /// <summary>What is entered after it was set.</summary>
    /// <param name="replicas">How many replicas have done the same.</param>
    /// <param name="isConfirmed">Whether these are as many as must: else a fail-over can undo it.</param>
    public static JsonObject WasSet(int replicas, bool isConfirmed) => Acknowledged(replicas, isConfirmed);

    /// <summary>What is entered before an override is cleared.</summary>
    public static JsonObject Clearing(OverrideId id) => new() { [IdName] = id.ToString() };

    /// <summary>What is entered after it was cleared.</summary>
    /// <param name="replicas">How many replicas have done the same.</param>
    /// <param name="isConfirmed">Whether these are as many as must: else a fail-over can bring it back.</param>
    public static JsonObject WasCleared(int replicas, bool isConfirmed) => Acknowledged(replicas, isConfirmed);

    /// <summary>Whether there is an override of a name that is, or may be, in force at a time (unix seconds).</summary>
    public bool MayBeInForce(OverrideId id, long now)
    {
        lock (_gate)
        {
            return _records.TryGetValue(id, out var record) && record.ExpireTime > now && record.State != OverrideState.Unaccounted;
        }
    }

    /// <summary>All that have not ended at a time (unix seconds), what was replaced and cleared included: it should not be in the store, but may be.</summary>
    public IReadOnlyList<OverrideRecord> At(long now)
    {
        lock (_gate)
        {
            return [.. _records.Values.Where(record => record.ExpireTime > now)];
        }
    }

    /// <inheritdoc/>
    public void Read(LedgerEntry entry)
    {
        lock (_gate)
        {
            switch (entry)
            {
                case { Phase: LedgerPhase.Intent, Act: LedgerAct.OverrideSet } when RecordOf(entry) is { } record:
                    Forget(entry.Time.ToUnixTimeSeconds());
                    _records[record.Id] = record;
                    Begin(entry.Seq, [record.Id, .. Replaced(entry)]);
                    break;
                case { Phase: LedgerPhase.Intent, Act: LedgerAct.OverrideClear } when OverrideId.TryParse(entry.Text(IdName), out var id):
                    Begin(entry.Seq, [id]);
                    break;
                case { Phase: LedgerPhase.Outcome, Intent: { } intent } when _begun.Remove(intent, out var begun):
                    End(entry, begun);
                    break;
            }
        }
    }

    private static OverrideRecord? RecordOf(LedgerEntry entry) =>
        OverrideId.TryParse(entry.Text(IdName), out var id) && entry.Number(ExpireTimeName) is { } expireTime
            ? new OverrideRecord(
                id,
                Named<SubjectKind>(entry.Text(SubjectName)),
                Named<Verdict>(entry.Text(VerdictName)),
                entry.Text(ReasonName) ?? string.Empty,
                entry.By?.Caller ?? string.Empty,
                entry.By?.Identity ?? string.Empty,
                entry.Time,
                expireTime,
                Named<OverrideNaming>(entry.Text(NamingName)),
                OverrideState.Unaccounted)
            : null;

    private static IEnumerable<OverrideId> Replaced(LedgerEntry entry)
    {
        foreach (var node in entry.Data[ReplacedName] as JsonArray ?? [])
        {
            if (OverrideId.TryParse(node?.ToString(), out var id))
            {
                yield return id;
            }
        }
    }

    private static JsonObject Acknowledged(int replicas, bool isConfirmed) => new() { [ReplicasName] = replicas, [LedgerEntry.ConfirmedName] = isConfirmed };

    private static bool Says(LedgerEntry entry, string name) => entry.Data[name] is JsonValue value && value.TryGetValue(out bool isSo) && isSo;

    private static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static T Named<T>(string? name)
        where T : struct, Enum => Array.Find(Enum.GetValues<T>(), value => string.Equals(Name(value), name, StringComparison.Ordinal));

    // Until its outcome is entered, which may never be, nobody knows of any of them.
    private void Begin(long act, IReadOnlyList<OverrideId> about)
    {
        _begun[act] = [.. about.Where(_records.ContainsKey).Select(id => (id, _records[id].State))];
        foreach (var id in about)
        {
            Stands(id, OverrideState.Uncertain);
        }
    }

    private void End(LedgerEntry outcome, IReadOnlyList<(OverrideId Id, OverrideState Before)> begun)
    {
        // What too few replicas have cleared a fail-over can bring back; and what is unknown stays uncertain.
        var isSure = outcome.IsDone && (outcome.Act == LedgerAct.OverrideSet || Says(outcome, LedgerEntry.ConfirmedName));
        var isFailed = string.Equals(outcome.Result, LedgerEntry.Failed, StringComparison.Ordinal);
        if (!isSure && !isFailed)
        {
            return;
        }

        foreach (var (id, before) in begun)
        {
            Stands(id, isFailed ? before : OverrideState.Unaccounted);
        }

        if (isSure && outcome.Act == LedgerAct.OverrideSet)
        {
            Stands(begun[0].Id, OverrideState.InForce);
        }
    }

    private void Stands(OverrideId id, OverrideState state)
    {
        if (_records.TryGetValue(id, out var record))
        {
            _records[id] = record with { State = state };
        }
    }

    private void Forget(long now)
    {
        foreach (var id in _records.Where(pair => pair.Value.ExpireTime <= now).Select(static pair => pair.Key).ToList())
        {
            _records.Remove(id);
        }
    }
}
