using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using NSec.Cryptography;
using SpamGuard.Desk.Ledger;
using SpamGuard.Epochs;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using SpamGuard.V1;
using Key = NSec.Cryptography.Key;

namespace SpamGuard.IntegrationTests.Desk.Disclosures;

/// <summary>The real server on a real Redis, with certificates of people who handle orders, and a ledger that outlives its process.</summary>
public sealed class DisclosureFixture : ServerFixture
{
    public const string Reference = "7 Gs 1234/26 canary-reference";
    public const string Authority = "Amtsgericht Musterstadt canary-authority";
    public const string Anna = "spiffe://example.org/legal/anna";
    public const string Bert = "spiffe://example.org/legal/bert";
    public const string Carl = "spiffe://example.org/legal/carl";

    /// <summary>Another name that certificates of Carl may have.</summary>
    public const string CarlsHost = "carl.example.org";

    private const string Form = "spiffe://example.org/form";
    private const string Callers = $$"""
        callers:
          legal-desk: {identities: ["{{Anna}}", "{{Bert}}"], roles: [legal], quotas: {subject: {per_second: 1000, burst: 10000} } }
          counsel: {identities: ["{{Carl}}", "{{CarlsHost}}"], roles: [legal], quotas: {subject: {per_second: 1000, burst: 10000} } }
          busy: {identities: ["spiffe://example.org/legal/busy"], roles: [legal], quotas: {subject: {per_second: 1000, burst: 10000} } }
          form: {identities: ["{{Form}}"], roles: [scorer]}

        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-disclosure-");
    private readonly Dictionary<string, TestCertificate> _certificates = new(StringComparer.Ordinal);

    public RedisFixture Redis { get; } = new();

    public TestCallers Mounted { get; } = new(Callers);

    /// <summary>Done under the ledger's lock at each entry, before anybody else hears of it.</summary>
    internal Action<LedgerEntry> AtEntry { get; set; } = static _ => { };

    /// <summary>What the ledger says, as it stands on the disk.</summary>
    public string LedgerText => File.ReadAllText(LedgerPath);

    private string LedgerPath => Path.Combine(LedgerFolder, LedgerFile.Name);

    private string PepperPath => Path.Combine(_folder.FullName, "pepper");

    private string LedgerFolder => Path.Combine(_folder.FullName, "ledger");

    /// <summary>The certificate of somebody: the same one each time.</summary>
    public TestCertificate CertificateOf(string identity) =>
        _certificates.TryGetValue(identity, out var certificate) ? certificate : _certificates[identity] = Mounted.Client(identity);

    /// <summary>Calls as somebody.</summary>
    public DisclosureService.DisclosureServiceClient As(string identity) => As(CertificateOf(identity));

    /// <summary>Calls with a certificate.</summary>
    public DisclosureService.DisclosureServiceClient As(TestCertificate certificate) => new(Mounted.Channel(Url(Listener.Grpc), certificate));

    /// <summary>An order that is good for a week.</summary>
    public static DisclosureServiceOpenRequest Order(params string[] addresses) => new()
    {
        OrderReference = Reference,
        Authority = Authority,
        AuthorityType = AuthorityType.Court,
        Country = "DE",
        Category = DisclosureCategory.Terrorism,
        LegalProcess = LegalProcess.CourtOrder,
        ValidUntil = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow().AddDays(7)),
        Addresses = { addresses },
    };

    public static DisclosureServiceDecideRequest Decision(DisclosureServiceOpenResponse opened, params string[] addresses) => new()
    {
        DisclosureId = opened.Disclosure.DisclosureId, OrderKey = opened.OrderKey, OrderReference = Reference, Decision = DisclosureDecision.Approve, Addresses = { addresses },
    };

    public static DisclosureServiceExecuteRequest Execution(DisclosureServiceOpenResponse opened, params string[] addresses) => new()
    {
        DisclosureId = opened.Disclosure.DisclosureId, OrderKey = opened.OrderKey, Addresses = { addresses },
    };

    /// <summary>Opens an order as Anna.</summary>
    public Task<DisclosureServiceOpenResponse> OpenAsync(params string[] addresses) => As(Anna).OpenAsync(Order(addresses)).ResponseAsync.DefaultTimeout();

    /// <summary>The same, and approves it as Bert.</summary>
    public async Task<DisclosureServiceOpenResponse> ApprovedAsync(params string[] addresses)
    {
        var opened = await OpenAsync(addresses);
        await As(Bert).DecideAsync(Decision(opened, addresses)).ResponseAsync.DefaultTimeout();
        return opened;
    }

    public async Task<Disclosure> GetAsync(string id) =>
        (await As(Carl).GetAsync(new DisclosureServiceGetRequest { DisclosureId = id }).ResponseAsync.DefaultTimeout()).Disclosure;

    /// <summary>Something is held on an address from now on.</summary>
    public async Task ScoreAsync(string address)
    {
        var scoring = new ScoringService.ScoringServiceClient(Mounted.Channel(Url(Listener.Grpc), CertificateOf(Form)));
        await Poll.UntilAsync(async () =>
            (await scoring.ScoreAsync(new ScoreRequest { Event = Events.SignUp(address) })).Assessment.Quality == Quality.Full).DefaultTimeout();
    }

    /// <summary>Enters nothing any more from the next intent of an act on: that one is not entered to its end.</summary>
    internal void DistrustAt(LedgerAct act) => AtEntry = entry =>
    {
        if (entry.Act == act)
        {
            Services.GetRequiredService<DeskLedger>().Distrust("a test says so");
        }
    };

    /// <summary>Calls something, lets it be entered, and then nothing more of it until it is given up.</summary>
    internal async Task GiveUpAsync(LedgerAct act, Func<CancellationToken, Task> call)
    {
        using var givenUp = new CancellationTokenSource();
        using var goOn = new ManualResetEventSlim();
        AtEntry = entry =>
        {
            if (entry.Act == act && entry.Phase == LedgerPhase.Intent)
            {
                givenUp.Cancel();
                goOn.Wait();
            }
        };
        try
        {
            await call(givenUp.Token).DefaultTimeout();
        }
        finally
        {
            AtEntry = static _ => { };
            goOn.Set();
        }
    }

    /// <summary>Ends the desk, and starts it again.</summary>
    /// <param name="lost">How many of the last entries a crash has not let happen.</param>
    public async Task RestartAsync(int lost = 0)
    {
        AtEntry = static _ => { };
        await base.DisposeAsync();
        await File.WriteAllLinesAsync(LedgerPath, (await File.ReadAllLinesAsync(LedgerPath))[..^lost]);
        await InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Redis.DisposeAsync();
        Mounted.Dispose();
        _folder.Delete(recursive: true);
    }

    protected override void AddServices(IServiceCollection services) => services.AddSingleton<ILedgerBook>(new Watch(this));

    protected override async Task<IReadOnlyDictionary<string, string?>> SettingsAsync()
    {
        var keyPath = Path.Combine(_folder.FullName, "ledger.key");
        if (!File.Exists(keyPath))
        {
            await Redis.InitializeAsync();
            Directory.CreateDirectory(LedgerFolder);
            await File.WriteAllBytesAsync(PepperPath, RandomNumberGenerator.GetBytes(PepperRing.PepperSize));
            using var key = Key.Create(SignatureAlgorithm.Ed25519, new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport });
            await File.WriteAllBytesAsync(keyPath, key.Export(KeyBlobFormat.PkixPrivateKeyText));
        }

        return new Dictionary<string, string?>(Mounted.Settings, StringComparer.Ordinal)
        {
            ["ConnectionStrings:Signals"] = Redis.ConnectionString(RedisAccount.Scorer),
            ["ConnectionStrings:Desk"] = Redis.ConnectionString(RedisAccount.Desk),
            ["Pepper:Path"] = PepperPath,
            ["Ledger:Path"] = LedgerFolder,
            ["Ledger:KeyPath"] = keyPath,
            ["Drain:Delay"] = "00:00:00",
        };
    }

    private sealed class Watch(DisclosureFixture server) : ILedgerBook
    {
        public void Read(LedgerEntry entry) => server.AtEntry(entry);
    }
}
