using System.Globalization;
using System.Text.RegularExpressions;
using SpamGuard.Desk;
using SpamGuard.Desk.Audit;
using SpamGuard.Desk.Ledger;
using SpamGuard.Epochs;
using SpamGuard.Policies;
using SpamGuard.Server;
using SpamGuard.Server.Callers;
using SpamGuard.Server.Edge;
using SpamGuard.Server.Health;
using SpamGuard.Server.Listeners;
using SpamGuard.Storage.Redis;
using SpamGuard.Tags;
using SpamGuard.Server.Tracing;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Documents;

/// <summary>What README.md and the pages it leads to state as a fact is one: prose beside code rots unless a test reads it.</summary>
public sealed partial class ReadmeTests(EverythingOnFixture server) : IClassFixture<EverythingOnFixture>
{
    private static readonly string Readme = Pages.Text("README.md");

    private static readonly string Settings = Pages.Section("## Configuration");

    [Fact]
    public async Task Metrics_InTheTable_AreThoseThatTheServerShows()
    {
        var shown = MetricFamily().Matches(await server.MetricsAsync()).Select(match => match.Groups["name"].Value).Order(StringComparer.Ordinal);
        var stated = Cells("## Metrics").Where(name => name.Contains('_', StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        Assert.Equal(shown, stated);
    }

    [Fact]
    public void Packages_ThatTheTestsInstall_AreNamed()
    {
        var installed = InstalledPackage().Matches(File.ReadAllText(Path.Combine(RepositoryRoot.Folder, "tests", "run"))).Select(static match => match.Groups["name"].Value).ToList();

        Assert.Contains("redis-server", installed);
        var named = Readme[..Readme.IndexOf("## Read on", StringComparison.Ordinal)];
        Assert.All(installed, package => Assert.Contains($"`{package}`", named, StringComparison.Ordinal));
    }

    [Fact]
    public void Keys_InTheConfigurationTable_AreThoseOfTheOptions()
    {
        string[] keys =
        [
            $"ConnectionStrings:{SignalStoreOptions.Section}",
            .. Keys<SignalStoreOptions>(SignalStoreOptions.Section).Where(key => key != StoreTlsOptions.Section),
            .. Keys<StoreTlsOptions>(StoreTlsOptions.Section),
            $"ConnectionStrings:{DeskOptions.Section}",
            .. Keys<DeskOptions>(DeskOptions.Section),
            .. Keys<LedgerOptions>(LedgerOptions.Section),
            $"ConnectionStrings:{AuditOptions.Connection}",
            .. Keys<AuditOptions>(AuditOptions.Section),
            .. Keys<SecretsOptions>(SecretsOptions.Section),
            .. Keys<PepperOptions>(PepperOptions.Section),
            .. Keys<PolicyOptions>(PolicyOptions.Section),
            .. Keys<TagOptions>(TagOptions.Section),
            .. Keys<EpochOptions>(EpochOptions.Section),
            .. Keys<TlsOptions>(TlsOptions.Section),
            .. Keys<CallerOptions>(CallerOptions.Section),
            .. Keys<DrainOptions>(DrainOptions.Section),
            .. Keys<EnvoyEdgeOptions>($"{EdgeOptions.Section}:{nameof(EdgeOptions.Envoy)}"),
            .. Keys<HttpEdgeOptions>($"{EdgeOptions.Section}:{nameof(EdgeOptions.Http)}"),
            .. Keys<TracingOptions>(TracingOptions.Section),
            .. Keys<ListenerOptions>(ListenerOptions.Section).Where(key => !Enum.GetNames<Listener>().Contains(key.Split(':')[1])),
            .. Enum.GetNames<Listener>().SelectMany(listener => Keys<ListenerEndpointOptions>($"{ListenerOptions.Section}:{listener}")),
        ];
        Assert.Equal(keys.Order(StringComparer.Ordinal), Cells("## Configuration").Where(key => key.Contains(':', StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Settings_OfEverySection_AreThePropertiesOfItsOptions() => Assert.Equal(
        Cells("## Configuration").Where(key => key.Contains(':', StringComparison.Ordinal) && !key.StartsWith("ConnectionStrings", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
        KnownSettings.All.Select(setting => setting.Key).Order(StringComparer.Ordinal));

    [Fact]
    public void Defaults_InTheConfigurationTable_AreThoseOfTheOptions()
    {
        Assert.Contains($"| `Signals:Budget` | `00:00:00.{new SignalStoreOptions().Budget.TotalMilliseconds:000}` |", Settings, StringComparison.Ordinal);
        Assert.Contains($"| `Audit:Period` | `{new AuditOptions().Period}` |", Settings, StringComparison.Ordinal);
        Assert.Contains($"| `Audit:KeysPerSecond` | {new AuditOptions().KeysPerSecond} |", Settings, StringComparison.Ordinal);
        Assert.Contains($"| `Listeners:Address` | `{new ListenerOptions().Address}` |", Settings, StringComparison.Ordinal);
        Assert.Contains($"| `Listeners:MaxConnectionAge` | `{new ListenerOptions().MaxConnectionAge}` |", Settings, StringComparison.Ordinal);
        Assert.Contains($"| `Listeners:MaxConnections` | {new ListenerOptions().MaxConnections} |", Settings, StringComparison.Ordinal);
        Assert.Contains($"| `Drain:Delay` | `{new DrainOptions().Delay}`", Settings, StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"| `Tracing:SampleRatio` | {new TracingOptions().SampleRatio} |"), Settings, StringComparison.Ordinal);
        var ports = Pages.Section("## Ports");
        foreach (var listener in ServerFixture.Listeners.Where(static listener => new ListenerOptions()[listener].Port is not null))
        {
            Assert.Contains($"| {new ListenerOptions()[listener].Port} |", ports, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Keys_InTheRetentionTable_AreThoseThatAreWritten()
    {
        var stated = Cells("## What is kept").Where(cell => cell.StartsWith("sg:", StringComparison.Ordinal)).Select(cell => cell[3]);
        Assert.Equal(SpamGuard.Storage.Keys.Kinds.Select(kind => kind.Letter).Order(), stated.Order());
    }

    [Fact]
    public void Events_InTheTable_AreThoseThatAreLogged()
    {
        var logged = typeof(SpamGuard.EventIds).GetFields().Concat(typeof(SpamGuard.Server.EventIds).GetFields()).Select(field => $"{field.GetRawConstantValue()} {field.Name}");
        Assert.Equal(logged.Order(StringComparer.Ordinal), Cells("## Log events").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Roles_InTheTable_AreThoseOfTheMethods()
    {
        var stated = Pages.Rows("## Callers").Where(row => row[0].Contains('/', StringComparison.Ordinal))
            .SelectMany(row => row[0].Split(", ").Select(method => $"{method.Trim('`')}: {row[1].Replace("`", "", StringComparison.Ordinal)}"));
        var roles = MethodRoles.All.Select(pair => $"{pair.Key[(pair.Key.LastIndexOf('.') + 1)..]}: {(pair.Value == CallerRoles.Any ? "any" : string.Join(", ", CallerRoleNames.Of(pair.Value)))}");

        Assert.Equal(roles.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), stated.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Refusals_InTheTable_AreTheReasonsOfErrors() => Assert.Equal(
        Refusals.All.Select(refusal => refusal.Reason()).Append(SpamGuard.Server.Grpc.ErrorReasons.DecisionTokenOfAnotherCaller).Order(StringComparer.Ordinal),
        Pages.Rows("## Callers").SelectMany(row => row[0].Split(", ")).Select(cell => cell.Trim('`')).Where(cell => cell.Contains('_', StringComparison.Ordinal) && cell.All(static letter => letter == '_' || char.IsAsciiLetterUpper(letter))).Order(StringComparer.Ordinal));

    [Fact]
    public void TokenLife_InTheProse_IsThatOfTheEpochs() =>
        Assert.Contains($"expires with its epoch ({TimeSpan.FromSeconds(SpamGuard.Retention.RetentionClass.Address.EpochSeconds).TotalDays:0.0} or {TimeSpan.FromSeconds(SpamGuard.Retention.RetentionClass.Network.EpochSeconds).TotalDays:0} days", Readme, StringComparison.Ordinal);

    private static IEnumerable<string> Keys<TOptions>(string section) =>
        typeof(TOptions).GetProperties().Where(property => property.SetMethod?.IsPublic == true).Select(property => $"{section}:{property.Name}");

    // The code spans of a table's first cell, or of the second where a section's table names its keys there.
    private static IEnumerable<string> Cells(string heading)
    {
        var rows = Pages.Section(heading).Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).ToList();
        var column = rows[0].Split('|')[2].Trim() == "key" ? 2 : 1;
        return rows.SelectMany(row => CodeSpan().Matches(row.Split('|')[column])).Select(match => match.Groups["code"].Value);
    }

    [GeneratedRegex(@"\+=\((?<name>[a-z0-9.-]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex InstalledPackage();

    [GeneratedRegex(@"^# TYPE (?<name>(spamguard|grpc_server)_\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex MetricFamily();

    [GeneratedRegex("`(?<code>[^`]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex CodeSpan();
}
