using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SpamGuard.Server;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Grpc;

/// <summary>Bad configuration stops the start: a line a fault, with the key, what was found and what is allowed.</summary>
public sealed class StartTests : IDisposable
{
    private const string Store = "ConnectionStrings:Signals";
    private readonly string _pepper = Path.GetTempFileName();
    private readonly LogCapture _logs = new();

    public StartTests() => File.WriteAllBytes(_pepper, Enumerable.Range(1, 32).Select(i => (byte)i).ToArray());

    public void Dispose()
    {
        File.Delete(_pepper);
        _logs.Dispose();
    }

    [Fact]
    public async Task Build_ManyFaults_AreAllNamedAtOnce()
    {
        var faults = await RefusedAsync("Production", ("Listeners:Grpc:Port", "-1"), ("Drain:Delay", "-1"), ("Signals:Budget", "00:00:01"));

        Assert.Equal(9, faults.Count); // and the four of CallerStartTests
        Assert.Contains(faults, fault => fault.StartsWith("Listeners:Grpc:Port: found -1; allowed ", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith("Drain:Delay: found -1.00:00:00; allowed ", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith("Signals:Budget ", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith("Pepper:Path: found nothing; allowed ", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith("ConnectionStrings:Signals ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Build_APortForThePageWithoutADesk_IsRefused() => Assert.Contains(
        "Listeners:Transparency:Port: found 5084, and Desk:Enabled is not true; allowed is a port where it is.",
        await RefusedAsync("Production", ("Listeners:Transparency:Port", "5084")));

    [Fact]
    public async Task Build_ProductionWithStorePepperAndCallers_Starts()
    {
        using var mounted = new TestCallers("callers: {web: {identities: [spiffe://example.org/web], roles: [scorer]}}");
        await using var app = await BuildAsync(
            "Production", [(Store, "127.0.0.1:1"), ("Pepper:Path", _pepper), .. mounted.Settings.Select(pair => (pair.Key, pair.Value))]);

        Assert.NotNull(app);
    }

    [Fact]
    public async Task Build_ProductionThatOnlyAudits_StartsWithoutPepperAndWithoutTheScorersPassword()
    {
        using var mounted = new TestCallers("callers: {web: {identities: [spiffe://example.org/web], roles: [scorer]}}");
        (string, string?)[] settings = [(Store, "127.0.0.1:1"), ("ConnectionStrings:Auditor", "127.0.0.1:1"), ("Audit:Enabled", "true"), .. mounted.Settings.Select(pair => (pair.Key, pair.Value))];

        await using var app = await BuildAsync("Production", [.. settings[1..], ("Audit:Only", "true")]);
        await using var development = await BuildAsync("Development", ("Audit:Enabled", "true"), ("Audit:Only", "true"), ("Desk:Enabled", "false")); // where every service is checked

        Assert.StartsWith("Pepper:Path: found nothing; allowed ", Assert.Single(await RefusedAsync("Production", settings)), StringComparison.Ordinal);
        Assert.StartsWith("ConnectionStrings:Auditor: ", Assert.Single(await RefusedAsync("Production", [.. settings[2..], ("Audit:Only", "true")])), StringComparison.Ordinal);
        Assert.StartsWith(
            "ConnectionStrings:Auditor has a serviceName but Signals:Topology is Standalone",
            Assert.Single(await RefusedAsync("Production", [.. settings[2..], ("ConnectionStrings:Auditor", "127.0.0.1:1,serviceName=a"), ("Audit:Only", "true")])),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:1", "standalone", true)]
    [InlineData("[::1]:1,localhost:1", "standalone", true)]
    [InlineData("!/run/redis.sock", "standalone", true)]
    [InlineData("redis:6379,ssl=true", "standalone", true)]
    [InlineData("redis:6379,ssl=true", "cluster", true)]
    [InlineData("redis:6379", "standalone", false)]
    [InlineData("localhost.example.org:6379", "standalone", false)]
    [InlineData("192.0.2.1:6379", "standalone", false)]
    [InlineData("127.0.0.1:1,redis:6379", "standalone", false)]
    [InlineData("127.0.0.1:1,redis:6379,ssl=false", "standalone", false)]
    [InlineData("127.0.0.1:1", "cluster", false)] // which names servers wherever they are
    [InlineData("127.0.0.1:1,serviceName=signals", "sentinel", false)]
    public async Task Build_StoreInTheOpenOutsideOfDevelopment_IsRefusedUnlessASidecarEncrypts(string store, string topology, bool isAllowed)
    {
        using var mounted = new TestCallers("callers: {web: {identities: [spiffe://example.org/web], roles: [scorer]}}");
        (string, string?)[] settings =
        [
            (Store, store + ",user=scorer,password=hunter2"), ("Signals:Topology", topology), ("Pepper:Path", _pepper), .. mounted.Settings.Select(pair => (pair.Key, pair.Value)),
        ];

        if (isAllowed)
        {
            await using var app = await BuildAsync("Production", settings);
        }
        else
        {
            var fault = Assert.Single(await RefusedAsync("Production", settings));
            Assert.StartsWith($"{Store}: found no TLS to ", fault, StringComparison.Ordinal);
            Assert.EndsWith("and with Signals:Tls:BySidecar true any.", fault, StringComparison.Ordinal);
            Assert.DoesNotContain("hunter2", fault, StringComparison.Ordinal);
        }

        await using var bySidecar = await BuildAsync("Staging", [.. settings, ("Signals:Tls:BySidecar", "true")]);
        await using var development = await BuildAsync("Development", settings);
    }

    [Theory]
    [InlineData("Desk", "Desk:Enabled", "true", false)]
    [InlineData("Desk", "Desk:Enabled", "false", true)]
    [InlineData("Auditor", "Audit:Enabled", "true", false)]
    [InlineData("Auditor", "Audit:Enabled", "false", true)]
    public async Task Build_AnotherConnectionInTheOpen_IsRefusedWhereItIsMade(string connection, string key, string value, bool isAllowed)
    {
        using var mounted = new TestCallers("callers: {web: {identities: [spiffe://example.org/web], roles: [scorer]}}");
        using var volume = new LedgerVolume();
        (string, string?)[] settings =
        [
            (Store, "127.0.0.1:1"), ($"ConnectionStrings:{connection}", "redis:6379"), (key, value), ("Pepper:Path", _pepper),
            .. mounted.Settings.Select(pair => (pair.Key, pair.Value)), .. volume.Settings.Select(pair => (pair.Key, pair.Value)),
        ];

        if (isAllowed)
        {
            await using var app = await BuildAsync("Production", settings);
        }
        else
        {
            Assert.StartsWith($"ConnectionStrings:{connection}: found no TLS to ", Assert.Single(await RefusedAsync("Production", settings)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Build_DevelopmentWithNothing_StartsWithAPepperOfThisRunAndSaysSo()
    {
        await using var app = await BuildAsync("Development");

        Assert.Contains(_logs.Logs, log => log.Event.Name == "PepperMadeForThisRun");
    }

    [Theory]
    [InlineData("Listeners:Address", "localhost", "Listeners:Address: found 'localhost'; allowed is an IP address, such as 127.0.0.1, 0.0.0.0 or ::.")]
    [InlineData("Listeners:Health:Address", "*", "Listeners:Health:Address: found '*'; allowed is an IP address, such as 127.0.0.1, 0.0.0.0 or ::.")]
    [InlineData("Listeners:Grpc:Port", "70000", "Listeners:Grpc:Port: found 70000; allowed are 0 (any free port) to 65535.")]
    [InlineData("Listeners:MaxConnectionAge", "00:00:01", "Listeners:MaxConnectionAge: found 00:00:01; allowed are 00:00:10 to 1.00:00:00.")]
    [InlineData("Listeners:MaxConnections", "0", "Listeners:MaxConnections: found 0; allowed are 1 to 100000.")]
    [InlineData("Listeners:MaxConnections", "100001", "Listeners:MaxConnections: found 100001; allowed are 1 to 100000.")]
    [InlineData("Desk:Replicas", "17", "Desk:Replicas: found 17; allowed are 0 to 16.")]
    [InlineData("Desk:Replicas", "-1", "Desk:Replicas: found -1; allowed are 0 to 16.")]
    [InlineData("Tracing:SampleRatio", "1.01", "Tracing:SampleRatio: found 1.01; allowed are numbers from 0 to 1.")]
    [InlineData("Tracing:SampleRatio", "NaN", "Tracing:SampleRatio: found NaN; allowed are numbers from 0 to 1.")]
    [InlineData("Audit:Period", "00:00:01", "Audit:Period: found 00:00:01; allowed are 00:00:10 to 1.00:00:00.")]
    [InlineData("Drain:Delay", "00:01:00", "Drain:Delay: found 00:01:00; allowed are 00:00:00 to 00:00:20.")]
    public async Task Build_ValueOutOfRange_SaysWhatIsAllowed(string key, string value, string expected) =>
        Assert.Equal([expected], await RefusedAsync("Development", (key, value)));

    [Theory]
    [InlineData("Listeners:Grpc:Port", "many", "0 (any free port) to 65535")]
    [InlineData("Listeners:Grpc:Port", "", "0 (any free port) to 65535")]
    [InlineData("Listeners:MaxConnectionAge", "nope", "00:00:10 to 1.00:00:00")]
    [InlineData("Listeners:MaxConnections", "few", "1 to 100000")]
    [InlineData("Signals:Topology", "bogus", "standalone, sentinel, cluster")]
    [InlineData("Signals:Topology", "7", "standalone, sentinel, cluster")]
    [InlineData("Signals:Budget", "soon", "00:00:00.002 to 00:00:00.200")]
    [InlineData("Audit:KeysPerSecond", "many", "100 to 1000000")]
    [InlineData("Drain:Delay", "later", "00:00:00 to 00:00:20")]
    [InlineData("Desk:Replicas", "some", "0 to 16")]
    [InlineData("Tracing:SampleRatio", "all", "numbers from 0 to 1")]
    public async Task Build_ValueOfAnotherType_NamesKeyValueAndWhatIsAllowed(string key, string value, string allowed) =>
        Assert.Equal([$"{key}: found '{value}'; allowed are {allowed}."], await RefusedAsync("Development", (key, value)));

    [Theory]
    [InlineData("Signals:Bugdet", "Signals:Topology, Signals:Budget, Signals:Tls:CaPath, Signals:Tls:CertificatePath, Signals:Tls:KeyPath, Signals:Tls:BySidecar")]
    [InlineData("Signals:Budget:Milliseconds", "Signals:Topology, Signals:Budget, Signals:Tls:CaPath, Signals:Tls:CertificatePath, Signals:Tls:KeyPath, Signals:Tls:BySidecar")]
    [InlineData("Audit:Interval", "Audit:Enabled, Audit:Only, Audit:Period, Audit:KeysPerSecond")]
    [InlineData(
        "Listeners:Grcp:Port",
        "Listeners:Address, Listeners:Grpc:Address, Listeners:Grpc:Port, Listeners:Http:Address, Listeners:Http:Port, Listeners:Metrics:Address, "
        + "Listeners:Metrics:Port, Listeners:Health:Address, Listeners:Health:Port, Listeners:Sidecar:Address, Listeners:Sidecar:Port, Listeners:Transparency:Address, Listeners:Transparency:Port, Listeners:MaxConnectionAge, "
        + "Listeners:MaxConnections")]
    public async Task Build_KeyThatIsNoSetting_NamesThoseThatAreAndShowsNoValue(string key, string allowed) =>
        Assert.Equal([$"{key}: is no setting; allowed are {allowed}."], await RefusedAsync("Development", (key, "hunter2")));

    [Theory]
    [InlineData("Pepper:File", "Pepper:Path")]
    [InlineData("Secrets:Folder", "Secrets:Path")]
    [InlineData("Drain:Dealy", "Drain:Delay")]
    [InlineData("Policy:Foo", "Policy:Path")]
    [InlineData("Tags:Folder", "Tags:Path")]
    public async Task Build_KeyThatIsNoSettingOfASectionWithOne_NamesIt(string key, string allowed) =>
        Assert.Equal([$"{key}: is no setting; allowed is {allowed}."], await RefusedAsync("Development", (key, "hunter2")));

    [Theory]
    [InlineData("Policy:AccountMemory", "memory.account")]
    [InlineData("Policy:ContentMemory", "memory.content")]
    [InlineData("Policy:TestAddresses", "test_addresses")]
    public async Task Build_KeyThatIsOneOfThePolicyFileNow_SaysWhereItIs(string key, string now) => Assert.Equal(
        [$"{key}: is no setting any more; allowed is {now} in the file of Policy:Path."], await RefusedAsync("Development", (key, "true")));

    [Fact]
    public async Task Build_PolicyFileWithFaults_IsRefusedWithALineForEach()
    {
        await File.WriteAllTextAsync(_pepper, "sign_up:\n  cap: BLOCK\n  limits: {wide: many, fats: 1}\n");

        Assert.Equal(
            [
                $"Policy:Path: {_pepper}: line 2: sign_up.cap: found 'BLOCK'; allowed are ALLOW, CHALLENGE, THROTTLE, DENY.",
                $"Policy:Path: {_pepper}: line 3: sign_up.limits.wide: found 'many'; allowed are numbers from 0 to 20.",
                $"Policy:Path: {_pepper}: line 3: sign_up.limits.fats: is no key, but fast is; allowed are wide, fast, account_fast, slow, others.",
            ],
            await RefusedAsync("Development", ("Policy:Path", _pepper)));
    }

    [Fact]
    public async Task Build_PolicyFileThatIsNotThere_IsRefused() => Assert.Equal(
        [$"Policy:Path: {_pepper}.no: found no file; allowed is the path of a YAML or JSON file."],
        await RefusedAsync("Development", ("Policy:Path", _pepper + ".no")));

    [Fact]
    public async Task Build_FaultsOfEverySort_AreAllNamedAtOnce()
    {
        var faults = await RefusedAsync(
            "Production",
            (Store, "127.0.0.1:1,password=hunter2,nonsense=1"), ("Signals:Topology", "bogus"), ("Signals:Bugdet", "1"), ("Signals:Budget", "00:00:01"),
            ("policy:accountmemory", "maybe"), ("Policy:Foo", "1"), ("Pepper:File", "/x"), ("Drain:Dealy", "1"), ("Listeners:Http:Port", "many"));

        Assert.Equal(
            [
                "Callers:Path:", "ConnectionStrings:Signals", "Drain:Dealy:", "Listeners:Http:Port:", "Pepper:File:", "Pepper:Path:", "Policy:Foo:", "Policy:accountmemory:",
                "Signals:Budget", "Signals:Bugdet:", "Signals:Topology:", "Tls:CertificatePath:", "Tls:ClientCaPath:", "Tls:KeyPath:",
            ],
            faults.Select(fault => fault.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(faults, fault => fault.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Build_NamesOfSectionsAndSectionsOfOthers_AreNotLookedAt()
    {
        await using var app = await BuildAsync("Development", ("Signals", "x"), ("Policy", "x"), ("Pepper", "x"), ("Metrics:Foo", "1"), ("Drain:Delay", null));

        Assert.NotNull(app);
    }

    [Fact]
    public async Task Build_TwoListenersOnOnePort_AreRefused() => Assert.Equal(
        ["Listeners:Http:Port: found 6000, the port of Listeners:Grpc; allowed is a port of its own."],
        await RefusedAsync("Development", ("Listeners:Grpc:Port", "6000"), ("Listeners:Http:Port", "6000")));

    [Fact]
    public async Task Build_PepperThatIsNoFile_IsRefused()
    {
        var fault = Assert.Single(await RefusedAsync("Development", ("Pepper:Path", "/nowhere/pepper")));

        Assert.StartsWith("Pepper:Path: found '/nowhere/pepper', ", fault, StringComparison.Ordinal);
        Assert.Contains("no folder; allowed is the path of a folder of files ", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_PepperOfAnotherLength_IsRefusedWithoutItsContent()
    {
        await File.WriteAllTextAsync(_pepper, "hunter2");

        var fault = Assert.Single(await RefusedAsync("Development", ("Pepper:Path", _pepper)));

        Assert.Contains("a file of 7 bytes", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Production", "2", "Epochs:Scale: found 2; allowed is 1: epochs are shorter in the environment Development only, for tests.")]
    [InlineData("Development", "0", "Epochs:Scale: found 0; allowed are 1 to 10080.")]
    [InlineData("Development", "10081", "Epochs:Scale: found 10081; allowed are 1 to 10080.")]
    [InlineData("Development", "1.5", "Epochs:Scale: found '1.5'; allowed are 1 to 10080.")]
    public async Task Build_ScaleOfEpochsThatCannotBeTaken_IsRefusedInOneLine(string environment, string scale, string expected)
    {
        using var mounted = new TestCallers("callers: {web: {identities: [spiffe://example.org/web], roles: [scorer]}}");
        var faults = await RefusedAsync(
            environment, [("Epochs:Scale", scale), (Store, "127.0.0.1:1"), ("Pepper:Path", _pepper), .. mounted.Settings.Select(pair => (pair.Key, pair.Value!))]);
        Assert.Equal([expected], faults);
    }

    [Fact]
    public async Task Build_FolderWithAPepperThatIsNone_IsRefusedByItsNameWithoutItsContent()
    {
        var folder = Directory.CreateTempSubdirectory("peppers").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "2026-11-26.pepper"), "hunter2");

        var fault = Assert.Single(await RefusedAsync("Development", ("Pepper:Path", folder)));

        Assert.StartsWith($"Pepper:Path: found '{folder}', 2026-11-26.pepper, a file of 7 bytes; allowed is the path of a folder of files ", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Build_FilesOfTagsThatCannotBeTaken_AreALineAFaultWithoutTheirContent()
    {
        var folder = Directory.CreateTempSubdirectory("tags").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "tor.txt"), "hunter2\n198.18.0.0/24\n198.18.0.1/24");
        await File.WriteAllTextAsync(Path.Combine(folder, "own.mmdb"), "hunter2");

        var faults = await RefusedAsync("Development", ("Tags:Path", folder));
        Directory.Delete(folder, recursive: true);

        Assert.Equal(
            ["Tags:Path: found own.mmdb", "Tags:Path: found line 1 of tor.txt", "Tags:Path: found line 3 of tor.txt"],
            faults.Select(fault => fault.Split(',')[0]));
        Assert.All(faults, fault => Assert.Contains("; allowed are ", fault, StringComparison.Ordinal));
        Assert.DoesNotContain(faults, fault => fault.Contains("hunter2", StringComparison.Ordinal) || fault.Contains("198.18", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Build_FolderOfTagsThatIsNone_IsRefused() => Assert.Equal(
        ["Tags:Path: found '/nowhere/tags', no folder; allowed are folders with files TAG.txt, TAG.cidr or *.mmdb."],
        await RefusedAsync("Development", ("Tags:Path", "/nowhere/tags")));

    [Fact]
    public async Task Start_PortInUse_IsOneLineAndNoLog()
    {
        var running = new ServerFixture();
        await running.InitializeAsync();
        var port = new Uri(running.Url(Listener.Http)).Port;

        Assert.Equal(
            [$"Listeners:Http:Port: found {port}, which is in use on 127.0.0.1; allowed are free ports, and 0 (any free port)."],
            await StartRefusedAsync(("Listeners:Http:Port", $"{port}")));
        await running.DisposeAsync();
    }

    [Theory]
    [InlineData("Listeners:Health:Address")]
    [InlineData("Listeners:Metrics:Address")]
    public async Task Start_AddressOfAnotherMachine_IsOneLineAndNoLog(string key) => Assert.Equal(
        [$"{key}: found '192.0.2.1', which can't be listened on (AddressNotAvailable); allowed are the addresses of this machine, and 0.0.0.0 or :: for all of them."],
        await StartRefusedAsync((key, "192.0.2.1")));

    [Fact]
    public void TryDescribe_RefusalThatTheLogHasTold_HasNoLine()
    {
        Assert.True(StartFaults.TryDescribe(new StartRefusedException("told", told: true), out var faults));
        Assert.Empty(faults);
    }

    [Fact]
    public async Task Start_FaultOfOurs_IsLogged()
    {
        var builder = ServerFixture.Builder(_logs, new Dictionary<string, string?>(StringComparer.Ordinal));
        builder.Services.AddHostedService<Faulty>();
        await using var app = await SpamGuardServer.BuildAsync(builder);

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => app.StartAsync().DefaultTimeout());

        Assert.Contains(_logs.Logs, log => log.Text.Contains(nameof(InvalidTimeZoneException), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Program_ProductionWithNothing_EndsWithSixLinesAndAFailure()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "SpamGuard.Server.dll"), "--environment", "Production"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync().DefaultTimeout();
        await process.WaitForExitAsync().DefaultTimeout();

        Assert.Equal(1, process.ExitCode);
        Assert.Equal(6, errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Empty(await output.DefaultTimeout());
    }

    [Fact]
    public void TryDescribe_FaultOfOurs_IsNot() => Assert.False(StartFaults.TryDescribe(new InvalidOperationException("ours"), out _));

    private async Task<WebApplication> BuildAsync(string environment, params (string Key, string? Value)[] settings) =>
        await SpamGuardServer.BuildAsync(ServerFixture.Builder(_logs, settings.ToDictionary(pair => pair.Key, pair => pair.Value), environment));

    private async Task<IReadOnlyList<string>> RefusedAsync(string environment, params (string Key, string? Value)[] settings)
    {
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => BuildAsync(environment, settings));
        Assert.True(StartFaults.TryDescribe(refusal, out var faults), refusal.ToString());
        Assert.All(faults, fault => Assert.DoesNotContain('\n', fault));
        return faults;
    }

    private async Task<IReadOnlyList<string>> StartRefusedAsync(params (string Key, string? Value)[] settings)
    {
        await using var app = await BuildAsync("Development", settings);
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => app.StartAsync().DefaultTimeout());
        Assert.True(StartFaults.TryDescribe(refusal, out var faults), refusal.ToString());
        Assert.DoesNotContain(_logs.Logs, log => log.Text.Contains("   at ", StringComparison.Ordinal) && log.Level >= LogLevel.Warning);
        Assert.DoesNotContain(_logs.Logs, log => log.Level >= LogLevel.Error);
        return faults;
    }

    private sealed class Faulty : BackgroundService
    {
        public override Task StartAsync(CancellationToken cancellationToken) => throw new InvalidTimeZoneException("ours");

        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
    }
}
