using System.Text;
using Prometheus;
using SpamGuard.Addresses;
using SpamGuard.Desk;
using SpamGuard.Desk.Disclosures;
using SpamGuard.Desk.Ledger;
using SpamGuard.Retention;
using SpamGuard.Tests.Desk.Ledger;
using SpamGuard.Tests.Epochs;
using SpamGuard.Tests.Scoring;

namespace SpamGuard.Tests.Desk.Disclosures;

/// <summary>The gate on a ledger on the disk, a clock that stands, and a store that can be taken away.</summary>
internal sealed class GateUnderTest : IDisposable
{
    public const string Reference = "7 Gs 1234/26";
    public const string Authority = "Amtsgericht Musterstadt";

    public static readonly LedgerActor Opener = new("legal-desk", "spiffe://example.org/legal/anna", new string('a', 64));
    public static readonly LedgerActor Second = new("legal-desk", "spiffe://example.org/legal/bert", new string('b', 64));
    public static readonly LedgerActor Third = new("counsel", "spiffe://example.org/legal/carl", new string('c', 64));

    private readonly LedgerFolder _folder = new();
    private readonly GuardOnAStore _guard = new();
    private readonly SwitchedStore _desk;
    private DeskLedger _ledger = null!;
    private CollectorRegistry _registry = null!;

    private GateUnderTest() => _desk = new SwitchedStore(_guard.Real);

    public RecordingLogger<DisclosureGate> Log { get; } = new();

    public DisclosureBook Book { get; private set; } = null!;

    public DisclosureGate Gate { get; private set; } = null!;

    public LedgerFolder Folder => _folder;

    public DateTimeOffset Now => _folder.Time.GetUtcNow();

    /// <summary>Done under the ledger's lock at each entry, once the books have read it.</summary>
    public Action<LedgerEntry> AtEntry { get; set; } = static _ => { };

    public string LedgerText => File.ReadAllText(_folder.FilePath);

    public static async Task<GateUnderTest> StartAsync()
    {
        var gate = new GateUnderTest();
        await gate._guard.Epochs.RefreshAsync(gate._guard.Clock.Now, default);
        gate.Start();
        return gate;
    }

    public static IReadOnlyList<ClientAddress> Naming(params string[] texts) => [.. texts.Select(Scoring.Events.Address)];

    public OrderFacts Facts(DisclosureCategory category = DisclosureCategory.Terrorism, TimeSpan? validFor = null, TimeSpan? withheldFor = null) =>
        new("DE", AuthorityType.Court, LegalProcess.CourtOrder, category, Now + (validFor ?? TimeSpan.FromDays(7)), withheldFor is { } span ? Now + span : null);

    public async Task<(string Id, string Key)> OpenAsync(IReadOnlyList<ClientAddress> addresses, OrderFacts? facts = null, LedgerActor? by = null)
    {
        var (opened, key) = await Gate.OpenAsync(facts ?? Facts(), Reference, Authority, addresses, by ?? Opener);
        return (opened.Id, key);
    }

    public async Task<Disclosure> DecideAsync((string Id, string Key) order, IReadOnlyList<ClientAddress> addresses, bool approve = true, LedgerActor? by = null, string reference = Reference)
    {
        using var key = OrderKey.Read(order.Key)!;
        return await (approve ? Gate.ApproveAsync(order.Id, key, reference, addresses, reason: "", by ?? Second) : Gate.RejectAsync(order.Id, by ?? Second));
    }

    public async Task<(Disclosure Disclosure, IReadOnlyList<HeldSubject> Held)> ExecuteAsync((string Id, string Key) order, IReadOnlyList<ClientAddress> addresses, LedgerActor? by = null)
    {
        using var key = OrderKey.Read(order.Key)!;
        return await Gate.ExecuteAsync(order.Id, key, addresses, by ?? Second);
    }

    /// <summary>An order that is approved.</summary>
    public async Task<(string Id, string Key)> ApprovedAsync(IReadOnlyList<ClientAddress> addresses, OrderFacts? facts = null)
    {
        var order = await OpenAsync(addresses, facts);
        await DecideAsync(order, addresses);
        return order;
    }

    public DisclosureState StateOf(string id) => Book.Find(id)!.StateAt(Now);

    public Task ScoreAsync(string address) => _guard.ScoreAsync(Scoring.Events.SignUp(address));

    public void TakeStoreAway() => _desk.Inner = null;

    public void GiveStoreBack() => _desk.Inner = _guard.Real;

    /// <summary>Enters nothing any more: what is begun is not entered to its end.</summary>
    public void Distrust() => _ledger.Distrust("a test says so");

    /// <summary>Ends the desk and starts it again on the same ledger.</summary>
    /// <param name="lost">How many of the last lines a crash has not let happen.</param>
    public void Restart(int lost = 0)
    {
        _ledger.Dispose();
        var lines = File.ReadAllLines(_folder.FilePath);
        File.WriteAllLines(_folder.FilePath, lines[..^lost]);
        Start();
    }

    public async Task<double> MetricAsync(string series)
    {
        using var page = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(page);
        var line = Encoding.UTF8.GetString(page.ToArray()).Split('\n').Single(line => line.StartsWith(series + ' ', StringComparison.Ordinal));
        return double.Parse(line[(series.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _ledger.Dispose();
        _guard.Dispose();
        _folder.Dispose();
    }

    private void Start()
    {
        _registry = Metrics.NewCustomRegistry();
        Book = new DisclosureBook();
        _ledger = _folder.Open(Book, new Watch(this));
        var tokens = new SubjectTokens(_desk, _guard.Epochs, _guard.Salts, new EpochCalendar(), _guard.Clock);
        Gate = new DisclosureGate(
            _ledger,
            Book,
            new NamedSubjects(tokens, new SubjectsOfAStore(_desk), _guard.Clock),
            new WrongKeys(_folder.Time),
            new DisclosureMetrics(Metrics.WithCustomRegistry(_registry), _registry, Book, _folder.Time),
            _folder.Time,
            Log);
    }

    private sealed class Watch(GateUnderTest desk) : ILedgerBook
    {
        public void Read(LedgerEntry entry) => desk.AtEntry(entry);
    }
}
