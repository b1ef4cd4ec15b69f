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

    /// <summary>An operator who only says what overrides say.</summary>
    public const string Support = "support";

    /// <summary>Whoever answers people that ask what is held on them.</summary>
    public const string Privacy = "privacy";

    /// <summary>Whoever handles court orders.</summary>
    public const string Legal = "legal";

    /// <summary>A second person who handles court orders.</summary>
    public const string Counsel = "counsel";

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
        .. Roles.Select(static caller => Line(caller.Key, caller.Value)),
        Line(Counsel, Legal),
        Line(Support, Operator),
        Line(Forms, Scorer, ", purposes: [sign_up]"),
        Line(Limited, Scorer, $", quotas: {{score: {{per_second: 0.01, burst: {QuotaOfLimited}}}}}"),
        Line(Denied, Scorer),
        Line(Lost, Scorer),
        "",
    ]);

    /// <summary>The files as they are mounted.</summary>
    public TestCallers Mounted { get; } = new(File);

    /// <summary>The name of a caller in its certificate.</summary>
    public static string Uri(string caller) => $"spiffe://example.org/{caller}";

    /// <summary>The line of a caller in the file of callers.</summary>
    /// <param name="caller">Its name.</param>
    /// <param name="roles">Its roles, with commas between.</param>
    /// <param name="more">What else is said of it.</param>
    public static string Line(string caller, string roles, string more = "") => $"  {caller}: {{identities: [{Uri(caller)}], roles: [{roles}]{more}}}";

    /// <summary>The certificate of a caller.</summary>
    public TestCertificate Certificate(string caller)
    {
        lock (_certificates)
        {
            return _certificates.TryGetValue(caller, out var known) ? known : _certificates[caller] = Mounted.Client(Uri(caller));
        }
    }

    /// <summary>Gives a caller the certificate of another, before anybody has called.</summary>
    public void Lend(string caller, string other) => Give(caller, Certificate(other));

    /// <summary>Gives a caller a certificate of its own name with the key of another.</summary>
    public void LendKey(string caller, string other) => Give(caller, Mounted.Authority.Client([Uri(caller)], keyOf: Certificate(other)));

    public void Dispose() => Mounted.Dispose();

    private void Give(string caller, TestCertificate certificate)
    {
        lock (_certificates)
        {
            _certificates[caller] = certificate;
        }
    }
}
