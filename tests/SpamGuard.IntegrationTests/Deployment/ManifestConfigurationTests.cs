using System.Text;
using System.Text.RegularExpressions;
using k8s.Models;
using Microsoft.Extensions.Configuration;
using SpamGuard.IntegrationTests.Deployment.Manifests;
using SpamGuard.IntegrationTests.Documents;
using SpamGuard.Policies.Files;
using SpamGuard.Server.Callers.Files;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment;

/// <summary>What pods are told is what the server has ears for, and the files that it names are mounted.</summary>
public sealed partial class ManifestConfigurationTests
{
    // The runtime's, beside settings of ours.
    private static readonly string[] OfTheRuntime = ["DOTNET_EnableDiagnostics"];

    private static readonly string Page = File.ReadAllText(Path.Combine(RepositoryRoot.Folder, "k8s", "README.md"));

    public static TheoryData<string, string> Ours => Overlay.Rows(static overlay => overlay.Ours);

    public static TheoryData<string> Overlays => [.. Overlay.Names];

    [Theory]
    [MemberData(nameof(Ours))]
    public void Environment_EveryKey_IsASettingWithAValueThatItTakes(string overlay, string name)
    {
        var environment = EnvironmentOf(overlay, name);
        Assert.Equal("0", environment["DOTNET_EnableDiagnostics"]);
        Assert.Empty(Faults(environment));
    }

    [Theory]
    [InlineData("Drain__Delay", "Drain__Dealy", "Drain__Dealy is no setting")]
    [InlineData("Drain__Delay=00:00:10", "Drain__Delay=soon", "Drain__Delay takes 00:00:00 to 00:00:20")]
    public void Environment_PlantedNameOrValue_IsReportedForEveryProcess(string text, string planted, string fault)
    {
        var overlay = Overlay.Changed("production", "base/spamguard.env", before => before.Replace(text, planted, StringComparison.Ordinal));

        Assert.All(overlay.Ours, workload => Assert.Equal([fault], Faults(overlay.EnvironmentOf(workload))));
    }

    // As the overlay has it in a comment, for whoever has a collector.
    [Fact]
    public void Production_PatchForTraces_LeavesAWayToTheCollector()
    {
        var overlay = Overlay.Changed("production", "overlays/production/kustomization.yaml", static before => CommentedPatch().Replace(before, "  "));

        var ways = overlay.All<V1NetworkPolicy>().Single(static policy => policy.Metadata.Name == "spamguard-store").Spec.Egress;
        Assert.Equal(["6379", "4318"], ways.Select(static way => way.Ports.Single().Port.Value));
        Assert.All(ways, static way => Assert.NotNull(way.To.Single().IpBlock));
    }

    [Theory]
    [MemberData(nameof(Ours))]
    public void Environment_EveryPath_IsOfAMount(string overlay, string name)
    {
        var (mounts, paths) = (Find(overlay, name).Container.VolumeMounts, EnvironmentOf(overlay, name).Where(static pair => pair.Key.EndsWith("Path", StringComparison.Ordinal)).ToList());

        Assert.All(paths, path => Assert.Single(mounts, mount => path.Value == mount.MountPath || path.Value.StartsWith(mount.MountPath + "/", StringComparison.Ordinal)));
        Assert.All(mounts, mount =>
        {
            Assert.Contains(paths, path => path.Value.StartsWith(mount.MountPath, StringComparison.Ordinal)); // and nothing is mounted that nobody reads
            Assert.Equal(!Find(overlay, name).Claims.Any(claim => claim.Metadata.Name == mount.Name), mount.ReadOnlyProperty == true);
            Assert.Null(mount.SubPath); // which is not mounted anew when it changes
        });
    }

    [Theory]
    [MemberData(nameof(Ours))]
    public void Container_Ports_AreTheListeners(string overlay, string name)
    {
        var options = new ListenerOptions();
        new ConfigurationBuilder()
            .AddInMemoryCollection(EnvironmentOf(overlay, name).Select(static pair => KeyValuePair.Create(pair.Key.Replace("__", ":", StringComparison.Ordinal), (string?)pair.Value)))
            .Build().GetSection(ListenerOptions.Section).Bind(options);

        Assert.Equal("0.0.0.0", options.Address); // on loopback nobody could connect
        Assert.Equal(
            Enum.GetValues<Listener>().Where(listener => options[listener].Port is not null).Select(listener => (NameOf(listener), options[listener].Port!.Value)).Order(),
            Find(overlay, name).Container.Ports.Select(static port => (port.Name, port.ContainerPort)).Order());
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Files_OfPolicyAndCallers_CanBeUsed(string name)
    {
        Assert.Empty(PolicyFile.Read(Encoding.UTF8.GetBytes(Overlay.Of(name).ConfigMap("spamguard-policy")["policy.yaml"])).Faults);
        var callers = CallerFile.Read(Encoding.UTF8.GetBytes(Overlay.Of(name).ConfigMap("spamguard-callers")["callers.yaml"]), out var faults);
        Assert.Empty(faults);
        Assert.NotEmpty(callers);
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void ConfigMaps_Values_HoldNoSecret(string name) =>
        Assert.All(Overlay.Of(name).All<V1ConfigMap>().SelectMany(static map => map.Data), static pair =>
        {
            Assert.DoesNotContain("ConnectionStrings", pair.Key, StringComparison.Ordinal);
            Assert.DoesNotMatch(Secret(), pair.Value);
        });

    [Theory]
    [MemberData(nameof(Ours))]
    public void Environment_ConnectionStrings_ComeFromFilesOnly(string overlay, string name)
    {
        var workload = Find(overlay, name);
        Assert.DoesNotContain(EnvironmentOf(overlay, name).Keys, static key => key.StartsWith("ConnectionStrings", StringComparison.Ordinal));
        Assert.All(workload.Container.EnvFrom, static source => Assert.Null(source.SecretRef));
        Assert.All(workload.Container.Env ?? [], static variable => Assert.Null(variable.ValueFrom));
    }

    // Whoever scores can't delete, and only who audits has the auditor's password.
    [Theory]
    [MemberData(nameof(Overlays))]
    public void Scoring_Secrets_AreThoseThatItNeeds(string name) => Assert.Equal(
        ["spamguard-callers-ca", "spamguard-pepper", "spamguard-redis-client", "spamguard-store", "spamguard-tls"],
        Overlay.Of(name).Ours.Single(static one => one.Component == "scoring").Secrets);

    // Who hashes no address has no pepper: a place where both it and a dump of Redis could be is one too many. And who only walks keys has nobody's password
    // who reads values, nor a certificate that callers trust.
    [Fact]
    public void Auditor_Secrets_AreThoseThatItNeeds() => Assert.Equal(
        ["spamguard-auditor-store", "spamguard-auditor-tls", "spamguard-callers-ca", "spamguard-redis-client"],
        Overlay.Of("production").Ours.Single(static one => one.Component == "auditor").Secrets);

    [Fact]
    public void Page_SecretsAndPorts_AreThoseOfProduction()
    {
        Assert.All(Overlay.Of("production").Ours.SelectMany(static one => one.Secrets), static secret => Assert.Matches($@"(?m)^\| .*`{secret}`", Page));
        Assert.All(Overlay.Of("production").Ours.SelectMany(static one => one.Container.Ports), static port => Assert.Contains($"| {port.ContainerPort} | `{port.Name}` |", Page, StringComparison.Ordinal));
    }

    [Fact]
    public void Redis_Settings_AreThoseOfThePage()
    {
        var lines = Overlay.Of("dev").All<V1ConfigMap>().Single(static map => map.Data.ContainsKey("redis.conf")).Data["redis.conf"].Split('\n');
        Assert.All(RedisSettings.Arguments("/etc/redis/users/users.acl").Chunk(2), setting =>
        {
            if (setting[0] == "--maxmemory") // which is a machine's
            {
                Assert.Single(lines, static line => line.StartsWith("maxmemory ", StringComparison.Ordinal));
            }
            else
            {
                Assert.Contains($"{setting[0][2..]} {(setting[1].Length == 0 ? "\"\"" : setting[1])}", lines);
            }
        });
        Assert.All((string[])["port 0", "tls-port 6379", "tls-auth-clients yes"], line => Assert.Contains(line, lines));
    }

    /// <summary>What is wrong with what a process is told: keys that nobody reads, values that can't be used.</summary>
    private static IReadOnlyList<string> Faults(IReadOnlyDictionary<string, string> environment) =>
    [
        .. environment.Where(static pair => !OfTheRuntime.Contains(pair.Key, StringComparer.Ordinal)).Select(static pair =>
            KnownSettings.All.SingleOrDefault(setting => setting.Key == pair.Key.Replace("__", ":", StringComparison.Ordinal)) switch
            {
                null => $"{pair.Key} is no setting",
                var setting => setting.Accepts(pair.Value) ? "" : $"{pair.Key} takes {setting.Allowed}",
            }).Where(static fault => fault.Length > 0),
    ];

    private static string NameOf(Listener listener) => listener.ToString().ToLowerInvariant();

    private static Workload Find(string overlay, string name) => Overlay.Of(overlay).Ours.Single(workload => workload.Name == name);

    private static IReadOnlyDictionary<string, string> EnvironmentOf(string overlay, string name) => Overlay.Of(overlay).EnvironmentOf(Find(overlay, name));

    [GeneratedRegex("(?i)password=|PRIVATE KEY|,user=|[0-9a-f]{64}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Secret();

    [GeneratedRegex("^  # (?=- target: |  )", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CommentedPatch();
}
