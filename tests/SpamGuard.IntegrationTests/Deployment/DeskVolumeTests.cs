using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Prometheus;
using SpamGuard.Desk.Ledger;
using SpamGuard.IntegrationTests.Deployment.Manifests;
using SpamGuard.Testing;
using static SpamGuard.IntegrationTests.Deployment.Manifests.Selector;

namespace SpamGuard.IntegrationTests.Deployment;

/// <summary>The pod that opens the desk's volume may do that and nothing else, and what the guide does with it is done here: with its busybox and a ledger, but on this machine.</summary>
public sealed class DeskVolumeTests : IDisposable
{
    private const string Heading = "### Opening its volume";

    private static readonly string Manifest = File.ReadAllText(Path.Combine(RepositoryRoot.Folder, "k8s", "desk-volume.yaml"));
    private static readonly V1Pod Pod = Assert.IsType<V1Pod>(Assert.Single(KubernetesYaml.LoadAllFromString(Manifest, strict: true)));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spamguard-operator-");
    private readonly LedgerVolume _volume = new();

    public static TheoryData<string> Overlays => [.. Overlay.Names];

    public void Dispose()
    {
        _volume.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Pod_AsItIs_FitsItsSchemaAndOurRules()
    {
        Assert.Equal("1 manifests, 0 faults", Tool.SchemaFaults(Manifest));
        PodRules.AssertRights(Pod.Spec);
        PodRules.AssertResources(Pod.Spec);
        PodRules.AssertImage(Pod.Spec);
        Assert.Equal(("Never", true), (Pod.Spec.RestartPolicy, Pod.Spec.ActiveDeadlineSeconds > 0)); // nobody forgets it for long
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Pod_BesideTheDesk_HasItsVolumeAndUserAndIsChosenByNothingButTheDenial(string name)
    {
        var overlay = Overlay.Of(name);
        var desk = overlay.All<V1StatefulSet>().Single();
        var volume = Assert.Single(Pod.Spec.Volumes);
        Assert.Equal($"{Assert.Single(desk.Spec.VolumeClaimTemplates).Metadata.Name}-{desk.Metadata.Name}-0", volume.PersistentVolumeClaim.ClaimName);
        Assert.Equal(volume.Name, Assert.Single(Pod.Spec.Containers.Single().VolumeMounts).Name);
        Assert.Null(Pod.Spec.Containers.Single().EnvFrom);
        var (ours, its) = (Pod.Spec.SecurityContext, desk.Spec.Template.Spec.SecurityContext);
        Assert.Equal((its.RunAsUser, its.RunAsGroup, its.FsGroup), (ours.RunAsUser, ours.RunAsGroup, ours.FsGroup));
        Assert.Equal((desk.Metadata.NamespaceProperty, "spamguard"), (Pod.Metadata.NamespaceProperty, Pod.Spec.ServiceAccountName));

        var labels = Pod.Metadata.Labels;
        Assert.DoesNotContain(overlay.Workloads, workload => Chooses(workload.Selector, labels));
        Assert.DoesNotContain(overlay.All<V1Service>(), service => Chooses(service.Spec.Selector, labels));
        Assert.DoesNotContain(overlay.All<V1PodDisruptionBudget>(), budget => Chooses(budget.Spec.Selector, labels));
        Assert.Equal(["spamguard-deny"], overlay.All<V1NetworkPolicy>().Where(policy => Chooses(policy.Spec.PodSelector, labels)).Select(static policy => policy.Metadata.Name));
    }

    [Fact]
    public async Task Commands_OfTheGuide_TakeALedgerOutFindWhatIsWrongAndPutAGoodOneIn()
    {
        await WriteLedgerAsync();
        var good = await File.ReadAllBytesAsync(_volume.FilePath);
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "good"));
        await File.WriteAllBytesAsync(Path.Combine(_folder.FullName, "good", LedgerFile.Name), good);
        await RunAsync($"spamguard ledger head '{_volume.Folder}' > head.json && openssl pkey -in '{_volume.KeyPath}' -pubout -out ledger.pub.pem");
        var blocks = Guide.Operations.Blocks("sh", Heading);
        Assert.Equal(4, blocks.Count);

        Assert.Equal(0, (await RunAsync(blocks[0] + blocks[1])).ExitCode);
        Assert.Equal(good, await File.ReadAllBytesAsync(Path.Combine(_folder.FullName, "taken", LedgerFile.Name)));

        var changed = good.ToArray();
        changed[^20] ^= 1;
        await File.WriteAllBytesAsync(_volume.FilePath, changed);
        Assert.Equal(6, (await RunAsync(blocks[1])).ExitCode);

        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "good", "short"), "");
        Assert.NotEqual(0, (await RunAsync(blocks[2].Replace("< good/ledger.ndjson", "< good/short", StringComparison.Ordinal))).ExitCode);
        Assert.Equal(changed, await File.ReadAllBytesAsync(_volume.FilePath)); // what came over in part is not put in

        Assert.Equal(0, (await RunAsync(blocks[2])).ExitCode);
        Assert.Equal(good, await File.ReadAllBytesAsync(_volume.FilePath));
        Assert.Contains(Directory.GetFiles(_volume.Folder, "ledger.1*"), path => File.ReadAllBytes(path).AsSpan().SequenceEqual(changed));
        Assert.Equal(0, (await RunAsync(blocks[1])).ExitCode);

        var told = (await RunAsync(blocks[3].Replace("| grep", "| cat #", StringComparison.Ordinal))).Output;
        Assert.Contains("delete -f k8s/desk-volume.yaml", told, StringComparison.Ordinal);
        Assert.Contains("scale statefulset/spamguard-desk --replicas=1", told, StringComparison.Ordinal);
        using var desk = Desk(); // which takes it
        Assert.Equal(4, desk.Head.Seq);
    }

    private async Task WriteLedgerAsync()
    {
        using var desk = Desk();
        for (var i = 0; i < 3; i++)
        {
            await desk.NoteAsync(LedgerAct.PolicyObserved, by: null, new JsonObject { ["revision"] = $"r{i}" });
        }
    }

    private DeskLedger Desk() => new(
        Options.Create(new LedgerOptions { Path = _volume.Folder, KeyPath = _volume.KeyPath }), [], TimeProvider.System,
        new LedgerMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry())), NullLogger<DeskLedger>.Instance);

    // With a kubectl that runs in a busybox of this machine what it is to run in the pod, where the volume is another folder, and says what else it is told.
    private Task<CommandRun> RunAsync(string commands) => CommandRun.OfAsync(
        ["bash", "-eu", "-o", "pipefail", "-c",
            """
            spamguard() { dotnet "$CLI" "$@"; }
            kubectl() {
              if [ "$3" != exec ]; then echo "${@:3}"; return; fi
              if [ "$4" != -i ]; then kubectl - - exec -i "${@:4}" < /dev/null; return; fi
              [ "$5 $6" = "$POD --" ] || return 1
              shift 6
              "$BUSYBOX" "${@//$MOUNT/$VOLUME}"
            }
            """ + "\n" + commands],
        _folder.FullName,
        new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["CLI"] = Path.Combine(AppContext.BaseDirectory, "SpamGuard.Cli.dll"),
            ["BUSYBOX"] = InstalledProgram.Find("busybox", "busybox-static"),
            ["POD"] = Pod.Metadata.Name,
            ["MOUNT"] = Pod.Spec.Containers.Single().VolumeMounts.Single().MountPath,
            ["VOLUME"] = _volume.Folder,
        });
}
