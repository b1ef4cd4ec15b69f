using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using SpamGuard.IntegrationTests.Deployment.Manifests;
using SpamGuard.IntegrationTests.Documents;
using static SpamGuard.IntegrationTests.Deployment.Manifests.Selector;

namespace SpamGuard.IntegrationTests.Deployment;

/// <summary>What the guides have kubectl do is about objects that the overlays have, and can be done with pods that have no shell.</summary>
public sealed partial class GuideCommandsTests
{
    // What kubectl calls kinds by another name than their own.
    private static readonly Dictionary<string, string> Kinds = new(StringComparer.Ordinal) { ["hpa"] = "horizontalpodautoscaler", ["pvc"] = "persistentvolumeclaim", ["logs"] = "pod", ["exec"] = "pod", ["exec -i"] = "pod", ["secret generic"] = "secret" };

    private static readonly IReadOnlyList<Overlay> Overlays = [.. Overlay.Names.Select(Overlay.Of)];

    private static readonly HashSet<string> Objects =
    [
        .. Overlays.SelectMany(static overlay => overlay.All<IKubernetesObject<V1ObjectMeta>>()).Select(static one => $"{one.Kind} {one.Metadata.Name}".ToLowerInvariant()),
        .. Overlays.SelectMany(static overlay => overlay.Workloads).SelectMany(static workload => workload.Secrets).Concat(Overlays.SelectMany(static overlay => overlay.All<CertificateManifest>()).Select(static one => one.Spec.SecretName)).Select(static name => $"secret {name}"),
        .. Overlays.SelectMany(static overlay => overlay.Workloads).Where(static workload => workload.Claims.Count > 0).SelectMany(static set => set.Claims.Select(claim => $"persistentvolumeclaim {claim.Metadata.Name}-{set.Name}-0").Append($"pod {set.Name}-0")),
        "pod spamguard-desk-volume",
        "certificate spamguard-redis-on-call",
        "secret spamguard-redis-on-call",
    ];

    public static TheoryData<string> Guides => Guide.Names;

    [Theory]
    [MemberData(nameof(Guides))]
    public void Objects_ThatAGuideNames_AreThoseOfAnOverlay(string guide)
    {
        var named = Texts(Guide.Of(guide)).SelectMany(static text => Named().Matches(text)).Select(static match => $"{Kinds.GetValueOrDefault(match.Groups["kind"].Value, match.Groups["kind"].Value)} {match.Groups["name"].Value}").Distinct(StringComparer.Ordinal).ToList();

        Assert.True(named.Count >= 7, string.Join(", ", named));
        Assert.Empty(named.Except(Objects, StringComparer.Ordinal));
    }

    [Fact]
    public void Selectors_ThatAGuideAsksBy_ChoosePods()
    {
        var commands = string.Join('\n', Guide.All.SelectMany(Texts));
        var selectors = Chosen().Matches(commands).Select(static match => match.Groups["selector"].Value).Concat(Ended().Matches(commands).Select(static match => $"app.kubernetes.io/component={match.Groups["component"].Value}")).Distinct(StringComparer.Ordinal).ToList();

        Assert.Contains("app.kubernetes.io/component=desk", selectors);
        Assert.All(selectors, selector =>
        {
            var labels = selector.Split(',').Where(static part => !part.Contains('$', StringComparison.Ordinal)).ToDictionary(static part => part.Split('=')[0], static part => part.Split('=')[1], StringComparer.Ordinal);
            Assert.True(Overlays.SelectMany(static overlay => overlay.Workloads).Any(workload => Chooses(labels, workload.Template.Metadata.Labels)), selector);
        });
    }

    [Theory]
    [MemberData(nameof(Guides))]
    public void Commands_OfAGuide_AreInTheNamespaceAndNeedNoShellInThePodsOfOurs(string name)
    {
        var commands = string.Join('\n', Guide.Of(name).Lines("sh"));

        Assert.DoesNotMatch("kubectl (?!-n spamguard |apply -k |create namespace spamguard)", commands);
        Assert.DoesNotMatch("kubectl[^|\n]* (cp|debug|attach) ", commands);
        Assert.DoesNotMatch("kubectl[^|\n]* exec (?!(-i )?spamguard-desk-volume -- )", commands);
    }

    // The old key is beside the new one where the desk looks for it.
    [Fact]
    public void LedgerKey_ThatTakesOver_IsWhereTheDeskMountsIt()
    {
        var desk = Overlay.Of("production").Ours.Single(static one => one.Component == "desk");
        var handOver = Assert.Single(Guide.Operations.Blocks("sh"), static block => block.Contains("PreviousKeyPath=", StringComparison.Ordinal));
        var told = Variable().Match(handOver);
        var mount = desk.Container.VolumeMounts.Single(mount => told.Groups["folder"].Value == mount.MountPath);

        Assert.Equal("spamguard-ledger-key", desk.Template.Spec.Volumes.Single(volume => volume.Name == mount.Name).Secret.SecretName);
        Assert.Contains(KnownSettings.All, setting => setting.Key == told.Groups["key"].Value.Replace("__", ":", StringComparison.Ordinal));
        Assert.Equal(
            [Path.GetFileName(Overlay.Of("production").EnvironmentOf(desk)["Ledger__KeyPath"]), told.Groups["file"].Value],
            Mounted().Matches(handOver).Select(static match => match.Groups["file"].Value));
    }

    // Who is on call has what the runbook takes for granted: Redis' authority signs the certificate, and its files and the passwords are made by those names.
    [Fact]
    public void PeopleOnCall_WhatTheRunbookHasThemTake_IsMadeForThem()
    {
        var issued = Assert.Single(Guide.Readme.Blocks("sh", "### The people on call"));
        var certificate = KubernetesYaml.Deserialize<CertificateManifest>(Issued().Match(issued).Groups["manifest"].Value, strict: true);
        var ofThePods = Overlay.Of("production").All<CertificateManifest>().Single(static one => one.Spec.SecretName == "spamguard-redis-client");
        var files = Guide.Runbook.Spans.Where(static span => span.StartsWith("on-call.", StringComparison.Ordinal) || span == "redis-ca.crt").Distinct(StringComparer.Ordinal).ToList();
        var passwords = Guide.Runbook.Spans.Where(static span => span.EndsWith(".password", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).ToList();

        Assert.Equal((ofThePods.Spec.IssuerRef.Kind, ofThePods.Spec.IssuerRef.Name), (certificate.Spec.IssuerRef.Kind, certificate.Spec.IssuerRef.Name));
        Assert.Equal(ofThePods.Spec.Usages, certificate.Spec.Usages);
        Assert.Equal(("spamguard-redis-on-call", "spamguard-redis-on-call"), (certificate.Metadata.Name, certificate.Spec.SecretName));
        Assert.Equal(["on-call.crt", "on-call.key", "redis-ca.crt"], files.Order(StringComparer.Ordinal));
        Assert.All(files, file => Assert.Matches($@"'(ca|tls)\\.{file[^3..]}'\)? > {Regex.Escape(file)}\b", issued));
        Assert.Equal(["auditor.password", "operator.password"], passwords.Order(StringComparer.Ordinal));
        Assert.Contains("`operator.password` and `auditor.password` in a vault for the [people on call]", Guide.Readme.Text, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Texts(Guide guide) => guide.Lines("sh").Concat(guide.Spans);

    [GeneratedRegex(@"\b(?<kind>namespace|deployment|statefulset|service|hpa|configmap|secret( generic)?|certificate|pod|pvc|logs|exec( -i)?)[ /](?!generic |[a-z]+/)(?<name>[a-z][a-z0-9-]*)", RegexOptions.ExplicitCapture)]
    private static partial Regex Named();

    [GeneratedRegex("kubectl .*? -l \"?(?<selector>[a-z./,$0-9=-]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Chosen();

    [GeneratedRegex("^ended (?<component>[a-z]+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Ended();

    [GeneratedRegex(@"set env statefulset/spamguard-desk (?<key>\w+)=(?<folder>/\S+)/(?<file>\S+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Variable();

    [GeneratedRegex("<<'END'\n(?<manifest>.*?)^END$", RegexOptions.ExplicitCapture | RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Issued();

    [GeneratedRegex(@"--from-file=(?<file>\S+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Mounted();
}
