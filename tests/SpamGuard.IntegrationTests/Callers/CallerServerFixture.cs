using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using SpamGuard.Feedback;
using SpamGuard.Server.Callers;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Callers;

/// <summary>The real server with certificates and callers, and a port for a sidecar.</summary>
public class CallerServerFixture : ServerFixture
{
    /// <summary>One caller for each set of roles, called <c>r1</c> to <c>r31</c> by the bits of the set, and some that have limits.</summary>
    private static readonly string Callers = "callers:\n" + string.Concat(Enumerable.Range(1, (int)CallerRoles.Any).Select(roles =>
        $"  r{roles}: {{identities: [{Uri($"r{roles}")}, r{roles}.example.org], roles: [{string.Join(", ", CallerRoleNames.Of((CallerRoles)roles))}]}}\n"))
        + $"  forms: {{identities: [{Uri("forms")}], roles: [scorer], purposes: [sign_up]}}\n"
        + $"  importer: {{identities: [{Uri("importer")}], roles: [reporter]}}\n"
        + $"  score-limited: {{identities: [{Uri("score-limited")}], roles: [scorer], quotas: {{score: {{per_second: 0.01, burst: 5}}}}}}\n"
        + $"  batch-limited: {{identities: [{Uri("batch-limited")}], roles: [scorer], quotas: {{score: {{per_second: 0.01, burst: 6}}}}}}\n"
        + $"  preview-limited: {{identities: [{Uri("preview-limited")}], roles: [scorer], quotas: {{preview: {{per_second: 0.01, burst: 1}}}}}}\n"
        + $"  report-limited: {{identities: [{Uri("report-limited")}], roles: [scorer, reporter], quotas: {{report: {{per_second: 0.01, burst: 1}}}}}}\n"
        + $"  subject-limited: {{identities: [{Uri("subject-limited")}], roles: [privacy], quotas: {{subject: {{per_second: 0.01, burst: 3}}}}}}\n";

    private PolicyFileOnDisk Policy { get; } = new("reports: {callers: {importer: false}}\n");

    public TestCallers Mounted { get; } = new(Callers);

    /// <summary>The URI of a name in the tests' trust domain.</summary>
    public static string Uri(string name) => $"spiffe://example.org/{name}";

    /// <summary>Who has a set of roles.</summary>
    public static string Roles(params string[] roles) => $"r{roles.Aggregate(0, (all, role) => all | (int)Enum.Parse<CallerRoles>(role, ignoreCase: true))}";

    /// <summary>Who got a decision token.</summary>
    public string? CallerOf(string token) => Services.GetRequiredService<DecisionTokens>().Open(token, out var decision) == TokenState.Valid ? decision!.Caller : null;

    /// <summary>A channel to the gRPC listener for a caller of the file.</summary>
    public GrpcChannel As(string caller) => With(Mounted.Client(Uri(caller)));

    /// <summary>A channel to the gRPC listener with a certificate, or without.</summary>
    public GrpcChannel With(TestCertificate? certificate) => Mounted.Channel(Url(Listener.Grpc), certificate);

    /// <summary>A client for the HTTP listener with a certificate, or without.</summary>
    public HttpClient Json(TestCertificate? certificate) => Mounted.Http(Url(Listener.Http), certificate);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Mounted.Dispose();
        Policy.Dispose();
    }

    protected override Task<IReadOnlyDictionary<string, string?>> SettingsAsync() => Task.FromResult<IReadOnlyDictionary<string, string?>>(
        new Dictionary<string, string?>(Mounted.Settings, StringComparer.Ordinal) { ["Listeners:Sidecar:Port"] = "0", ["Policy:Path"] = Policy.Path });
}
