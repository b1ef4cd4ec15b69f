using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Policies;

/// <summary>A file that changes under a running server: the next event is judged by it, or by the last one that could be used.</summary>
public sealed class PolicyReloadTests : IAsyncLifetime
{
    private readonly PolicyServerFixture _server = new();

    private PolicyService.PolicyServiceClient Policy => new(_server.Channel);

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Change_OfTheFile_IsInForceWithoutARestart()
    {
        var before = await GetAsync();

        _server.File.Exchange("sign_up: {cap: ALLOW}\n");
        var after = await UntilAsync(answer => answer.PolicyRevision != before.PolicyRevision);

        Assert.Equal("ALLOW", after.Policy.Fields["sign_up"].StructValue.Fields["cap"].StringValue);
        Assert.True(after.LoadTime.ToDateTimeOffset() > before.LoadTime.ToDateTimeOffset());
        Assert.Null(after.Candidate);
        Assert.Equal(after.PolicyRevision, (await ScoreAsync()).PolicyRevision);
        var metrics = await _server.MetricsAsync();
        Assert.Contains($"spamguard_policy_info{{revision=\"{after.PolicyRevision}\"}} 1\n", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain(before.PolicyRevision, metrics, StringComparison.Ordinal);
        Assert.Contains("spamguard_policy_reloads_total{result=\"applied\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Equal(
            [$"The policy file was taken over: revision {before.PolicyRevision} -> {after.PolicyRevision}"], Logged("PolicyApplied"));
    }

    [Fact]
    public async Task Change_ToWhatCantBeUsed_LeavesTheLastOneInForceAndIsToldOnce()
    {
        var before = await GetAsync();

        _server.File.Exchange("sign_up:\n  cap: BLOCK\n  limits: {wide: many}\n");
        var bad = await UntilAsync(answer => answer.Faults.Count > 0);

        Assert.Equal((before.PolicyRevision, before.LoadTime, PolicySource.File), (bad.PolicyRevision, bad.LoadTime, bad.Source));
        Assert.Equal(
            [(2, "sign_up.cap", "found 'BLOCK'; allowed are ALLOW, CHALLENGE, THROTTLE, DENY."), (3, "sign_up.limits.wide", "found 'many'; allowed are numbers from 0 to 20.")],
            bad.Faults.Select(fault => (fault.Line, fault.Path, fault.Description)));
        Assert.Equal(before.PolicyRevision, (await ScoreAsync()).PolicyRevision);
        Assert.Contains("spamguard_policy_file_rejected 1\n", await _server.MetricsAsync(), StringComparison.Ordinal);

        _server.File.Delete();
        await UntilAsync(answer => answer.Faults.Any(fault => fault.Description.StartsWith("found no file", StringComparison.Ordinal)));
        Assert.Equal(before.PolicyRevision, (await ScoreAsync()).PolicyRevision);

        _server.File.Exchange(PolicyServerFixture.Begin);
        var good = await UntilAsync(answer => answer.Faults.Count == 0);
        Assert.Equal(before.PolicyRevision, good.PolicyRevision);
        var metrics = await _server.MetricsAsync();
        Assert.Contains("spamguard_policy_file_rejected 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("spamguard_policy_reloads_total{result=\"rejected\"} 2\n", metrics, StringComparison.Ordinal);
        Assert.Equal((2, 1), (Logged("PolicyRejected").Count, Logged("PolicyApplied").Count));
    }

    private async Task<PolicyServiceGetResponse> GetAsync() => await Policy.GetAsync(new PolicyServiceGetRequest());

    private async Task<Assessment> ScoreAsync() =>
        (await _server.Scoring.ScoreAsync(new ScoreRequest { Event = new Event { Kind = EventKind.SignUp, Address = "63.0.0.1" } })).Assessment;

    private async Task<PolicyServiceGetResponse> UntilAsync(Predicate<PolicyServiceGetResponse> condition)
    {
        var answer = await GetAsync();
        await Poll.UntilAsync(async () => condition(answer = await GetAsync())).DefaultTimeout();
        return answer;
    }

    private IReadOnlyList<string> Logged(string name) => [.. _server.Logs.Logs.Where(log => log.Event.Name == name).Select(log => log.Message)];
}
