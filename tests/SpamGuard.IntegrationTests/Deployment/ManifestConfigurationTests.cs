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
        Assert.All(environment.Where(static pair => !OfTheRuntime.Contains(pair.Key, StringComparer.Ordinal)), static pair =>
        {
            var setting = KnownSettings.All.SingleOrDefault(setting => setting.Key == pair.Key.Replace("__", ":", StringComparison.Ordinal));
            Assert.True(setting is not null, $"{pair.Key} is no setting");
            Assert.True(setting.Accepts(pair.Value), $"{pair.Key} takes {setting.Allowed}");
        });
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
        SecretsOf(Overlay.Of(name).Ours.Single(static one => one.Component == "scoring")));

    // Who hashes no address has no pepper: a place where both it and a dump of Redis could be is one too many.
    [Fact]
    public void Auditor_Secrets_AreThoseThatItNeeds() => Assert.Equal(
        ["spamguard-auditor-store", "spamguard-callers-ca", "spamguard-redis-client", "spamguard-store", "spamguard-tls"],
        SecretsOf(Overlay.Of("production").Ours.Single(static one => one.Component == "auditor")));

    [Fact]
    public void Page_SecretsAndPorts_AreThoseOfProduction()
    {
        Assert.All(Overlay.Of("production").Ours.SelectMany(SecretsOf), static secret => Assert.Matches($@"(?m)^\| .*`{secret}`", Page));
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

    private static IEnumerable<string> SecretsOf(Workload workload) => workload.Template.Spec.Volumes
        .SelectMany(static volume => volume.Projected?.Sources.Select(static source => source.Secret.Name) ?? [volume.Secret?.SecretName])
        .OfType<string>().Select(static secret => Hash().Replace(secret, "")).Order(StringComparer.Ordinal);

    private static string NameOf(Listener listener) => listener.ToString().ToLowerInvariant();

    private static Workload Find(string overlay, string name) => Overlay.Of(overlay).Ours.Single(workload => workload.Name == name);

    private static IReadOnlyDictionary<string, string> EnvironmentOf(string overlay, string name) => Overlay.Of(overlay).EnvironmentOf(Find(overlay, name));

    [GeneratedRegex("(?i)password=|PRIVATE KEY|,user=|[0-9a-f]{64}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Secret();

    [GeneratedRegex("-[0-9a-z]{10}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hash();
}
