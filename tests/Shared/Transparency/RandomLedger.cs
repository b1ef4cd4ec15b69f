using System.Globalization;
using System.Text.Json.Nodes;
using SpamGuard.Desk.Disclosures;
using SpamGuard.Desk.Ledger;

namespace SpamGuard.Testing.Transparency;

/// <summary>Entries as a desk would write them, at random: requests through all their ways, acts that fail, acts that run beside each other.</summary>
internal sealed class RandomLedger
{
    private static readonly string[] Countries = ["AT", "DE", "FR", "NL", "PL"];
    private static readonly AuthorityType[] Authorities = [AuthorityType.Court, AuthorityType.Prosecutor, AuthorityType.Police];
    private static readonly LegalProcess[] Processes = [LegalProcess.CourtOrder, LegalProcess.ProductionOrder];
    private static readonly DisclosureCategory[] Categories = [DisclosureCategory.Terrorism, DisclosureCategory.ChildExploitation];
    private static readonly string[] Verdicts = ["allow", "challenge", "throttle", "deny"];
    private static readonly LedgerActor By = new("legal", "spiffe://example.org/legal", new string('b', 64));

    // How many orders somebody is at work on.
    private const int Recent = 4;

    private readonly Random _random;
    private readonly List<LedgerEntry> _entries = [];
    private readonly List<Order> _orders = [];
    private readonly List<(LedgerEntry Intent, Action<string> End)> _running = [];
    private readonly TimeSpan _pace;
    private readonly DateTimeOffset _to;
    private DateTimeOffset _now;

    private RandomLedger(int seed, int count, DateTimeOffset from, DateTimeOffset to)
    {
        (_random, _now, _to, _pace) = (new Random(seed), from, to, (to - from) / (count + 1));
        Enter(LedgerPhase.Note, LedgerAct.LedgerBegun, null, []);
    }

    /// <summary>Makes so many entries.</summary>
    /// <param name="seed">The same seed makes the same entries.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="from">When the first is entered.</param>
    /// <param name="to">About when the last is; none is entered later.</param>
    public static IReadOnlyList<LedgerEntry> Of(int seed, int count, DateTimeOffset from, DateTimeOffset to)
    {
        var ledger = new RandomLedger(seed, count, from, to);
        while (ledger._entries.Count < count)
        {
            ledger.Next();
        }

        return ledger._entries;
    }

    private void Next()
    {
        // Most follow each other within hours, as what becomes of an order does; so that the year is filled, some wait.
        var step = _random.Next(8) == 0 ? _pace * 16 * _random.NextDouble() : TimeSpan.FromHours(5) * _random.NextDouble();
        _now = _now + step < _to ? _now + step : _to;
        if (_running.Count > 0 && _random.Next(3) > 0)
        {
            var (intent, end) = _running[_random.Next(_running.Count)];
            _running.RemoveAll(one => one.Intent == intent);
            end(_random.Next(12) switch { 0 => LedgerEntry.Failed, 1 => LedgerEntry.Unknown, _ => LedgerEntry.Done });
            return;
        }

        var order = _orders.Count > 0 ? _orders[_random.Next(Math.Max(0, _orders.Count - Recent), _orders.Count)] : null;
        switch (_random.Next(12))
        {
            case < 3:
                Open();
                break;
            case 3:
                Enter(LedgerPhase.Note, LedgerAct.DisclosureRefuse, null, DisclosureEntries.Refuse(NewId(), Facts(DisclosureCategory.Other, _now.AddDays(9)), 1 + _random.Next(20)));
                break;
            case < 8 when order is { IsDecided: false, IsBusy: false } && _now < order.ValidUntil:
                Decide(order);
                break;
            case 4 when order is { IsApproved: true, IsBusy: false } && _now < order.ValidUntil:
                Decide(order);
                break;
            case < 8 when order is { IsApproved: true, IsBusy: false } && _now < order.ValidUntil:
                Execute(order);
                break;
            case < 10:
                Begin(LedgerAct.SubjectErase, new JsonObject { ["proof"] = "attestation" }, () => new JsonObject { ["records"] = _random.NextInt64(3), ["report_lists"] = _random.NextInt64(2), ["confirmed"] = _random.Next(4) > 0 });
                break;
            case 10:
                Begin(LedgerAct.SubjectInspect, [], static () => new JsonObject { ["epochs"] = 1 });
                break;
            default:
                Other();
                break;
        }
    }

    private void Other()
    {
        switch (_random.Next(4))
        {
            case 0:
                Begin(
                    LedgerAct.OverrideSet,
                    new JsonObject { ["verdict"] = Verdicts[_random.Next(Verdicts.Length)], ["naming"] = _random.Next(2) == 0 ? "decision_token" : "address" },
                    () => new JsonObject { ["replicas"] = 0, ["confirmed"] = _random.Next(4) > 0 });
                break;
            case 1:
                Begin(LedgerAct.OverrideClear, [], static () => []);
                break;
            case 2:
                Begin(LedgerAct.EpochRoll, new JsonObject { ["classes"] = "address" }, static () => []);
                break;
            default:
                Enter(LedgerPhase.Note, LedgerAct.PolicyObserved, null, new JsonObject { ["revision"] = "a1b2" });
                break;
        }
    }

    private void Open()
    {
        var validUntil = _now.AddDays(_random.Next(4) == 0 ? 1 + _random.Next(10) : 30 + _random.Next(60));
        var (id, subjects) = (NewId(), 1 + _random.Next(20));
        var request = DisclosureEntries.Open(
            id,
            Facts(Categories[_random.Next(Categories.Length)], validUntil),
            new OrderCommitments("key", "reference", "authority", [.. Enumerable.Range(0, subjects).Select(static one => string.Create(CultureInfo.InvariantCulture, $"{one}"))]));
        var order = new Order(id, subjects, validUntil);
        var intent = Enter(LedgerPhase.Intent, LedgerAct.DisclosureOpen, null, request);
        _orders.Add(order);
        _running.Add((intent, result =>
        {
            End(intent, result, []);
            order.IsConfirmed = result == LedgerEntry.Done;
        }));
    }

    private void Decide(Order order)
    {
        order.IsBusy = true;
        var kind = order is { IsConfirmed: true, IsApproved: false } && _random.Next(4) > 0 ? DecisionKind.Approved : _random.Next(2) == 0 ? DecisionKind.Rejected : DecisionKind.Withdrawn;
        var intent = Enter(LedgerPhase.Intent, LedgerAct.DisclosureDecide, null, DisclosureEntries.Decide(order.Id, kind, reason: ""));
        _running.Add((intent, result =>
        {
            End(intent, result, []);
            order.IsBusy = false;
            if (result == LedgerEntry.Done)
            {
                (order.IsDecided, order.IsApproved) = (true, kind == DecisionKind.Approved);
            }
        }));
    }

    private void Execute(Order order)
    {
        order.IsBusy = true;
        var intent = Enter(LedgerPhase.Intent, LedgerAct.DisclosureExecute, null, DisclosureEntries.Execute(order.Id));
        _running.Add((intent, result =>
        {
            var disclosed = _random.Next(order.Subjects + 1);
            var held = disclosed == 0 ? HeldExtent.Nothing : disclosed == order.Subjects ? HeldExtent.Fully : HeldExtent.Partly;
            End(intent, result, result == LedgerEntry.Done ? DisclosureEntries.Executed(held, disclosed) : []);
            order.IsBusy = false;
            order.IsApproved = result == LedgerEntry.Failed;
        }));
    }

    private void Begin(LedgerAct act, JsonObject data, Func<JsonObject> outcome)
    {
        var intent = Enter(LedgerPhase.Intent, act, null, data);
        _running.Add((intent, result => End(intent, result, result == LedgerEntry.Done ? outcome() : [])));
    }

    private OrderFacts Facts(DisclosureCategory category, DateTimeOffset validUntil) => new(
        Countries[_random.Next(Countries.Length)],
        Authorities[_random.Next(Authorities.Length)],
        Processes[_random.Next(Processes.Length)],
        category,
        validUntil,
        _random.Next(6) == 0 ? _now.AddDays(_random.Next(200)) : null);

    private string NewId() => string.Create(CultureInfo.InvariantCulture, $"d{_entries.Count}");

    private static JsonObject With(JsonObject data, string name, string value)
    {
        data[name] = value;
        return data;
    }

    private void End(LedgerEntry intent, string result, JsonObject data) =>
        Enter(LedgerPhase.Outcome, intent.Act, intent.Seq, With(data, LedgerEntry.ResultName, result));

    private LedgerEntry Enter(LedgerPhase phase, LedgerAct act, long? intent, JsonObject data)
    {
        var entry = new LedgerEntry(_entries.Count + 1, _now, phase, act, intent, By, data);
        _entries.Add(entry);
        return entry;
    }

    private sealed class Order(string id, int subjects, DateTimeOffset validUntil)
    {
        public string Id { get; } = id;

        public int Subjects { get; } = subjects;

        public DateTimeOffset ValidUntil { get; } = validUntil;

        public bool IsConfirmed { get; set; }

        public bool IsBusy { get; set; }

        public bool IsDecided { get; set; }

        public bool IsApproved { get; set; }
    }
}
