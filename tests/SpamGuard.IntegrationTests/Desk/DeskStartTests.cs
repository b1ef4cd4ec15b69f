using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SpamGuard.Desk.Ledger;
using SpamGuard.IntegrationTests.Processes;
using SpamGuard.Server;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Desk;

/// <summary>A desk that can't enter what it does does not start, and says why in a line.</summary>
public sealed class DeskStartTests : IDisposable
{
    private const string Folder = "a folder that this process can write, on a volume that outlives it";

    private readonly LogCapture _logs = new();
    private readonly PepperFile _pepper = new();
    private readonly LedgerVolume _volume = new();
    private readonly TestCallers _mounted = new("callers: {web: {identities: [spiffe://example.org/web], roles: [privacy]}}");

    public void Dispose()
    {
        _mounted.Dispose();
        _volume.Dispose();
        _pepper.Dispose();
        _logs.Dispose();
    }

    [Theory]
    [InlineData("Production", "", "")]
    [InlineData("Staging", "", "")]
    [InlineData("Production", "here", "")]
    [InlineData("Production", "", "here")]
    [InlineData("Development", "here", "")] // which would be kept, and signed by a key that is not
    [InlineData("Development", "", "here")]
    public async Task Build_LedgerOrKeyWithoutAPlace_IsALineForEach(string environment, string path, string key)
    {
        var faults = await RefusedAsync(environment, path.Length > 0 ? _volume.Folder : null, key.Length > 0 ? _volume.KeyPath : null);

        Assert.Equal(
            [
                .. path.Length > 0 ? (string[])[] : [$"Ledger:Path: found nothing, and Desk:Enabled is true; allowed is {Folder}."],
                .. key.Length > 0 ? (string[])[] : [$"Ledger:KeyPath: found nothing, and Desk:Enabled is true; allowed is {LedgerKey.Allowed}."],
            ],
            faults);
    }

    [Fact]
    public async Task Build_ProcessThatIsNoDesk_NeedsNeitherAndMakesNone()
    {
        await using (await BuildAsync("Production", _volume.Folder, _volume.KeyPath, desk: false))
        {
            Assert.Empty(Directory.GetFileSystemEntries(_volume.Folder));
        }

        await using var app = await BuildAsync("Production", path: null, key: null, desk: false);
        Assert.Null(app.Services.GetService<DeskLedger>());
    }

    [Fact]
    public async Task Build_SecondDeskOnTheSameFolder_IsRefused()
    {
        await using (await BuildAsync("Production", _volume.Folder, _volume.KeyPath))
        {
            Assert.StartsWith($"Ledger:Path: found '{_volume.Folder}', which another process uses", await LineAsync(_volume.Folder, _volume.KeyPath), StringComparison.Ordinal);
        }

        await using var next = await BuildAsync("Production", _volume.Folder, _volume.KeyPath); // once the first has ended
    }

    [Fact]
    public async Task Build_AnotherKeyThanTheLedgers_IsRefused()
    {
        await using (await BuildAsync("Production", _volume.Folder, _volume.KeyPath))
        {
            // begins a ledger
        }

        using var other = new LedgerVolume();
        var line = await LineAsync(_volume.Folder, other.KeyPath);

        Assert.Matches("^Ledger:KeyPath: found the key [0-9a-f]{64}; allowed is the one that signs the ledger, [0-9a-f]{64}, or another with that one in Ledger:PreviousKeyPath\\.$", line);
    }

    [Fact]
    public async Task Build_LedgerThatIsNotAsItMustBe_IsRefusedByItsLine()
    {
        await using (await BuildAsync("Production", _volume.Folder, _volume.KeyPath))
        {
            // begins a ledger
        }

        var bytes = await File.ReadAllBytesAsync(_volume.FilePath);
        bytes[20] ^= 1;
        await File.WriteAllBytesAsync(_volume.FilePath, bytes);

        Assert.StartsWith(
            $"Ledger:Path: found '{_volume.Folder}', whose ledger.ndjson is not as it must be at line 1: ", await LineAsync(_volume.Folder, _volume.KeyPath), StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(_volume.FilePath));
    }

    [Theory]
    [InlineData("/nowhere/ledger", "which is no folder")]
    [InlineData("/proc", "where this process may not write")] // root too: a file system that takes no files
    public async Task Build_FolderThatTakesNoFile_IsRefused(string folder, string expected) => Assert.Equal(
        $"Ledger:Path: found '{folder}', {expected}; allowed is {Folder}, with no ledger in it or one that verifies.", await LineAsync(folder, _volume.KeyPath));

    [Fact]
    public async Task Build_KeyThatIsNone_IsRefusedWithoutItsContent()
    {
        await File.WriteAllTextAsync(_volume.KeyPath, "hunter2");

        var line = await LineAsync(_volume.Folder, _volume.KeyPath);

        Assert.StartsWith($"Ledger:KeyPath: found '{_volume.KeyPath}', ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Production", true, true, 1)]
    [InlineData("Production", true, false, 0)] // it has certificates
    [InlineData("Production", false, true, 0)] // it is no desk
    [InlineData("Development", true, true, 0)]
    public async Task Start_DeskThatOnlyASidecarLeadsTo_WarnsThatNoOrderCanBeApproved(string environment, bool desk, bool bySidecarOnly, int warnings)
    {
        (string, string?)[] mesh = [("Listeners:Sidecar:Port", "0"), ("Tls:CertificatePath", null), ("Tls:KeyPath", null), ("Tls:ClientCaPath", null)];
        await using var app = await BuildAsync(environment, _volume.Folder, _volume.KeyPath, desk, bySidecarOnly ? mesh : []);
        await app.StartAsync().DefaultTimeout();
        await app.StopAsync().DefaultTimeout();

        Assert.Equal(warnings, _logs.Logs.Count(static log => log.Event.Name == "OrdersUnapprovable" && log.Level == LogLevel.Warning));
    }

    [Theory]
    [InlineData("Development", false, "TryIt")]
    [InlineData("Development", true, "AuditsOnly")] // and no command that it would not answer
    [InlineData("Production", true, null)]
    public async Task Start_Greeting_HasACommandThatTheProcessAnswers(string environment, bool only, string? expected)
    {
        var flag = only ? "true" : "false";
        (string, string?)[] plain = environment == "Production" ? [] : [.. _mounted.Settings.Keys.Select(static key => (key, (string?)null))];
        await using var app = await BuildAsync(
            environment, null, null, desk: false, [("Audit:Enabled", "true"), ("Audit:Only", flag), ("ConnectionStrings:Auditor", "127.0.0.1:1"), .. plain]);
        await app.StartAsync().DefaultTimeout();
        await app.StopAsync().DefaultTimeout();

        Assert.Equal(expected, _logs.Logs.SingleOrDefault(static log => log.Event.Name is "TryIt" or "AuditsOnly")?.Event.Name);
    }

    private async Task<string> LineAsync(string path, string key) => Assert.Single(await RefusedAsync("Production", path, key));

    private async Task<IReadOnlyList<string>> RefusedAsync(string environment, string? path, string? key)
    {
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => BuildAsync(environment, path, key));
        Assert.True(StartFaults.TryDescribe(refusal, out var faults), refusal.ToString());
        Assert.All(faults, fault => Assert.DoesNotContain('\n', fault));
        return faults;
    }

    private Task<WebApplication> BuildAsync(string environment, string? path, string? key, bool desk = true, params (string Key, string? Value)[] more)
    {
        var settings = new Dictionary<string, string?>(_mounted.Settings, StringComparer.Ordinal)
        {
            ["Desk:Enabled"] = desk ? "true" : "false",
            ["ConnectionStrings:Signals"] = "127.0.0.1:1",
            ["ConnectionStrings:Desk"] = "127.0.0.1:1",
            ["Pepper:Path"] = _pepper.Path,
            ["Drain:Delay"] = "00:00:00",
            [LedgerOptions.PathKey] = path,
            [LedgerOptions.KeyPathKey] = key,
        };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return SpamGuardServer.BuildAsync(ServerFixture.Builder(_logs, settings, environment));
    }
}
