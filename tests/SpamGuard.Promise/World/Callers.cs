using SpamGuard.Testing;

namespace SpamGuard.Promise.World;

/// <summary>Who calls the service, the files that tell it so, and certificates for them.</summary>
internal sealed class Callers : IDisposable
{
    /// <summary>A form that asks for scores.</summary>
    public const string Scorer = "scorer";

    /// <summary>A tool of the support that reports.</summary>
    public const string Reporter = "reporter";

    /// <summary>Whoever runs the service.</summary>
    public const string Operator = "operator";

    /// <summary>Whoever answers people that ask what is held on them.</summary>
    public const string Privacy = "privacy";

    /// <summary>Whoever handles court orders.</summary>
    public const string Legal = "legal";

    /// <summary>A caller that has all of these roles.</summary>
    public const string Everything = "everything";

    /// <summary>A scorer that may ask for sign-ups only.</summary>
    public const string Forms = "forms";

    /// <summary>A scorer with a quota of <see cref="QuotaOfLimited"/> calls.</summary>
    public const string Limited = "limited";

    /// <summary>A scorer whose certificate is denied from the start.</summary>
    public const string Denied = "denied";

    /// <summary>A scorer whose certificate gets lost while it is connected.</summary>
    public const string Lost = "lost";

    /// <summary>How many calls <see cref="Limited"/> has.</summary>
    public const int QuotaOfLimited = 3;

    private readonly Dictionary<string, TestCertificate> _certificates = new(StringComparer.Ordinal);

    public Callers() => Mounted.Exchange("denied.txt", $"san {Uri(Denied)}\n");

    /// <summary>The roles of a caller, as its file says them: one caller for each role, called like it, and one that has them all.</summary>
    public static IReadOnlyDictionary<string, string> Roles { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Scorer] = Scorer,
        [Reporter] = Reporter,
        [Operator] = Operator,
        [Privacy] = Privacy,
        [Legal] = Legal,
        [Everything] = $"{Scorer}, {Reporter}, {Operator}, {Privacy}, {Legal}",
    };

    /// <summary>The file of callers.</summary>
    public static string File { get; } = string.Join('\n',
    [
        "callers:",
        .. Roles.Select(static caller => Line(caller.Key, $"[{caller.Value}]")),
        Line(Forms, "[scorer], purposes: [sign_up]"),
        Line(Limited, $"[scorer], quotas: {{score: {{per_second: 0.01, burst: {QuotaOfLimited}}}}}"),
        Line(Denied, "[scorer]"),
        Line(Lost, "[scorer]"),
        "",
    ]);

    /// <summary>The files as they are mounted.</summary>
    public TestCallers Mounted { get; } = new(File);

    /// <summary>The name of a caller in its certificate.</summary>
    public static string Uri(string caller) => $"spiffe://example.org/{caller}";

    /// <summary>The certificate of a caller.</summary>
    public TestCertificate Certificate(string caller)
    {
        lock (_certificates)
        {
            return _certificates.TryGetValue(caller, out var known) ? known : _certificates[caller] = Mounted.Client(Uri(caller));
        }
    }

    public void Dispose() => Mounted.Dispose();

    private static string Line(string caller, string roles) => $"  {caller}: {{identities: [{Uri(caller)}], roles: {roles}}}";
}
