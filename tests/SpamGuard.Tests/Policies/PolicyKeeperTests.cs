using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Prometheus;
using SpamGuard.Policies;
using SpamGuard.Policies.Files;

namespace SpamGuard.Tests.Policies;

public sealed class PolicyKeeperTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly FakeTimeProvider _time = new(Start);
    private readonly RecordingLogger<PolicyKeeper> _logger = new();
    private readonly PolicySource _source = new(Policy.Default);
    private readonly PolicyKeeper _keeper;

    public PolicyKeeperTests() => _keeper = new PolicyKeeper(
        Options.Create(new PolicyOptions()), _source, new PolicyMetrics(Metrics.WithCustomRegistry(_registry)), _time, _logger);

    [Fact]
    public async Task Begin_WithoutAFile_IsTheBuiltInPolicyAndSaysSo()
    {
        Assert.Equal((Policy.Default.Revision(), false, Start), (_keeper.Status.InForce.Revision, _keeper.Status.IsOfFile, _keeper.Status.LoadTime));
        Assert.Equal([$"spamguard_policy_info{{revision=\"{Policy.Default.Revision()}\"}} 1"], await LinesAsync("spamguard_policy_info{"));
        Assert.Equal(["spamguard_policy_file_rejected 0"], await LinesAsync("spamguard_policy_file_rejected "));
        Assert.Equal([$"spamguard_policy_loaded_timestamp_seconds {Start.ToUnixTimeSeconds()}"], await LinesAsync("spamguard_policy_loaded_timestamp_seconds "));
        Assert.Equal(
            ["spamguard_policy_reloads_total{result=\"applied\"} 0", "spamguard_policy_reloads_total{result=\"rejected\"} 0"],
            (await LinesAsync("spamguard_policy_reloads_total{")).Order(StringComparer.Ordinal));
        Assert.Empty(_logger.Entries);
    }

    [Fact]
    public async Task Take_PolicyThatCanBeUsed_IsInForceAsAWhole()
    {
        _time.Advance(TimeSpan.FromMinutes(1));

        _keeper.Take(Read("sign_up: {cap: CHALLENGE}"));

        var revision = _source.Current.Revision;
        Assert.NotEqual(Policy.Default.Revision(), revision);
        Assert.Equal(Verdict.Challenge, _source.Current.Policy.SignUp.Cap);
        Assert.Equal((_source.Current, true, Start.AddMinutes(1)), (_keeper.Status.InForce, _keeper.Status.IsOfFile, _keeper.Status.LoadTime));
        Assert.Equal([$"spamguard_policy_info{{revision=\"{revision}\"}} 1"], await LinesAsync("spamguard_policy_info{"));
        Assert.Contains("spamguard_policy_reloads_total{result=\"applied\"} 1", await LinesAsync("spamguard_policy_reloads_total{"));
        Assert.Equal(
            (LogLevel.Information, EventIds.PolicyApplied, $"The policy file was taken over: revision {Policy.Default.Revision()} -> {revision}"), Assert.Single(_logger.Entries));
    }

    [Fact]
    public async Task Take_PolicyThatCantBeUsed_LeavesTheLastOneInForceUntilAGoodOneComes()
    {
        _keeper.Take(Read("sign_up: {cap: CHALLENGE}"));
        var good = _source.Current;

        _keeper.Take(Read("sign_up:\n  cap: BLOCK\n"));

        Assert.Same(good, _source.Current);
        Assert.Equal((good, true), (_keeper.Status.InForce, _keeper.Status.IsOfFile));
        Assert.Equal([2], _keeper.Status.Faults.Select(fault => fault.Line));
        Assert.Equal(["spamguard_policy_file_rejected 1"], await LinesAsync("spamguard_policy_file_rejected "));
        Assert.Contains("spamguard_policy_reloads_total{result=\"rejected\"} 1", await LinesAsync("spamguard_policy_reloads_total{"));
        Assert.Equal(
            (LogLevel.Error, EventIds.PolicyRejected, $"The policy file can't be used, and revision {good.Revision} stays in force. line 2: sign_up.cap: found 'BLOCK'; allowed are ALLOW, CHALLENGE, THROTTLE, DENY."),
            _logger.Entries[^1]);

        _keeper.Take(Read("sign_up: {cap: CHALLENGE}"));

        Assert.Equal(good.Revision, _source.Current.Revision);
        Assert.Empty(_keeper.Status.Faults);
        Assert.Equal(["spamguard_policy_file_rejected 0"], await LinesAsync("spamguard_policy_file_rejected "));
        Assert.Single(await LinesAsync("spamguard_policy_info{"));
    }

    [Fact]
    public void Take_FileThatIsGone_IsRejected()
    {
        _keeper.Take(PolicyFile.Of(new WatchedFiles("policies", [], Fault: null)));
        _keeper.Take(PolicyFile.Of(new WatchedFiles("policies", [], "no folder")));
        _keeper.Take(PolicyFile.Of(new WatchedFiles("policies", [new WatchedFile("policy.yaml", [], "a file that can't be read (IOException)")], Fault: null)));

        Assert.Equal(
            [
                "found no file; allowed is the path of a YAML or JSON file.", "found no folder; allowed is the path of a YAML or JSON file.",
                "found a file that can't be read (IOException); allowed is the path of a YAML or JSON file.",
            ],
            _logger.Entries.Select(entry => entry.Text.Split("stays in force. ")[1]));
        Assert.Equal(Policy.Default.Revision(), _source.Current.Revision);
    }

    private static PolicyFile Read(string text) => PolicyFile.Read(Encoding.UTF8.GetBytes(text));

    private async Task<IReadOnlyList<string>> LinesAsync(string start)
    {
        using var stream = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(stream);
        return [.. Encoding.UTF8.GetString(stream.ToArray()).Split('\n').Where(line => line.StartsWith(start, StringComparison.Ordinal))];
    }
}
