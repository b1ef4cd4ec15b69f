using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using SpamGuard.Desk.Ledger;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Testing;
using SpamGuard.V1;
using static SpamGuard.IntegrationTests.Desk.Disclosures.DisclosureFixture;

namespace SpamGuard.IntegrationTests.Desk.Disclosures;

/// <summary>Orders over restarts, crashes, a store that is away and a ledger that can't be written.</summary>
public sealed class DisclosureCrashTests : IAsyncLifetime
{
    private readonly DisclosureFixture _server = new();

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Restart_InTheMiddleOfTheWay_GoesOnWhereItWas()
    {
        var (pending, approved) = (await _server.OpenAsync("82.1.0.1"), await _server.ApprovedAsync("82.1.0.1"));
        var before = (await _server.GetAsync(pending.Disclosure.DisclosureId), await _server.GetAsync(approved.Disclosure.DisclosureId));

        await _server.RestartAsync();

        Assert.Equal(before, (await _server.GetAsync(pending.Disclosure.DisclosureId), await _server.GetAsync(approved.Disclosure.DisclosureId)));
        Assert.Equal(1, await _server.MetricAsync("spamguard_disclosures_pending"));
        await _server.As(Bert).DecideAsync(Decision(pending, "82.1.0.1")).ResponseAsync.DefaultTimeout();
        var executed = await _server.As(Bert).ExecuteAsync(Execution(approved, "82.1.0.1")).ResponseAsync.DefaultTimeout();
        Assert.Equal(DisclosureHeld.Nothing, executed.Disclosure.Held);
    }

    [Fact]
    public async Task Crash_BetweenIntentAndOutcome_LeavesTheOutcomeUnknown()
    {
        await _server.ScoreAsync("82.2.0.1");
        var opened = await _server.ApprovedAsync("82.2.0.1");
        await _server.As(Bert).ExecuteAsync(Execution(opened, "82.2.0.1")).ResponseAsync.DefaultTimeout();

        await _server.RestartAsync(lost: 1);

        Assert.Equal(DisclosureState.OutcomeUnknown, (await _server.GetAsync(opened.Disclosure.DisclosureId)).State);
        Assert.Equal(1, await _server.MetricAsync("spamguard_disclosures_outcome_unknown"));
        var error = await Assert.ThrowsAsync<RpcException>(() => _server.As(Bert).ExecuteAsync(Execution(opened, "82.2.0.1")).ResponseAsync.DefaultTimeout());
        Assert.Equal((StatusCode.FailedPrecondition, "OUTCOME_UNKNOWN"), (error.StatusCode, error.Info().Metadata["state"]));
        Assert.Equal(
            "The desk ended while the disclosure was executed, so that something may have been given out: it can't be executed again, and a new order is needed.", error.Status.Detail);
    }

    [Fact]
    public async Task Execute_WhoseOutcomeIsNotEntered_StaysExecutingUntilARestartAndSaysSo()
    {
        var opened = await _server.ApprovedAsync("82.5.0.1");
        await _server.Redis.PauseAsync();
        var execution = _server.As(Bert).ExecuteAsync(Execution(opened, "82.5.0.1")).ResponseAsync;
        await Poll.UntilAsync(() => Task.FromResult(_server.LedgerText.Split('\n')[^2].Contains("\"phase\":\"intent\",\"act\":\"disclosure_execute\"", StringComparison.Ordinal))).DefaultTimeout();
        var rejection = new DisclosureServiceDecideRequest { DisclosureId = opened.Disclosure.DisclosureId, Decision = DisclosureDecision.Reject };
        var late = await Assert.ThrowsAsync<RpcException>(() => _server.As(Carl).DecideAsync(rejection).ResponseAsync.DefaultTimeout());
        _server.Services.GetRequiredService<DeskLedger>().Distrust("a test says so");
        await _server.Redis.ResumeAsync();

        var unwritten = await Assert.ThrowsAsync<RpcException>(() => execution.DefaultTimeout());
        var again = await Assert.ThrowsAsync<RpcException>(() => _server.As(Bert).ExecuteAsync(Execution(opened, "82.5.0.1")).ResponseAsync.DefaultTimeout());
        await _server.RestartAsync();

        Assert.Equal((StatusCode.Internal, "OUTCOME_UNWRITTEN"), (unwritten.StatusCode, unwritten.Info().Reason));
        Assert.All([late, again], static error => Assert.Equal(
            (StatusCode.FailedPrecondition, "DISCLOSURE_STATE", "EXECUTING",
                "The disclosure is being executed by another call, or was, and what became of it could not be entered in the ledger. Where it stays so the desk must be restarted: then the outcome is unknown, and a new order is needed."),
            (error.StatusCode, error.Info().Reason, error.Info().Metadata["state"], error.Status.Detail)));
        Assert.Equal(DisclosureState.OutcomeUnknown, (await _server.GetAsync(opened.Disclosure.DisclosureId)).State);
    }

    [Fact]
    public async Task Reject_WhoseOutcomeIsNotEntered_KeepsTheOrderFromEverythingUntilARestart()
    {
        var opened = await _server.ApprovedAsync("82.6.0.1");
        var rejection = new DisclosureServiceDecideRequest { DisclosureId = opened.Disclosure.DisclosureId, Decision = DisclosureDecision.Reject };
        _server.DistrustAt(LedgerAct.DisclosureDecide);

        var unwritten = await Assert.ThrowsAsync<RpcException>(() => _server.As(Carl).DecideAsync(rejection).ResponseAsync.DefaultTimeout());
        RpcException[] others =
        [
            await Assert.ThrowsAsync<RpcException>(() => _server.As(Bert).ExecuteAsync(Execution(opened, "82.6.0.1")).ResponseAsync.DefaultTimeout()),
            await Assert.ThrowsAsync<RpcException>(() => _server.As(Carl).DecideAsync(rejection).ResponseAsync.DefaultTimeout()),
        ];
        await _server.RestartAsync();

        Assert.Equal((StatusCode.Internal, "OUTCOME_UNWRITTEN"), (unwritten.StatusCode, unwritten.Info().Reason));
        Assert.All(others, static error => Assert.Equal(
            (StatusCode.FailedPrecondition, "DISCLOSURE_BEING_DECIDED",
                "This disclosure is being decided by another call, or was, and the decision could not be entered in the ledger: look at it with Get. Where it stays as it is the desk must be restarted, and it must be decided again."),
            (error.StatusCode, error.Info().Reason, error.Status.Detail)));
        Assert.Equal(DisclosureState.Approved, (await _server.GetAsync(opened.Disclosure.DisclosureId)).State);
        Assert.Equal(DisclosureState.Rejected, (await _server.As(Carl).DecideAsync(rejection).ResponseAsync.DefaultTimeout()).Disclosure.State);
    }

    [Fact]
    public async Task Reject_WhoseCallerIsGone_IsDoneToItsEnd()
    {
        var id = (await _server.ApprovedAsync("82.7.0.1")).Disclosure.DisclosureId;
        var rejection = new DisclosureServiceDecideRequest { DisclosureId = id, Decision = DisclosureDecision.Reject };

        await _server.GiveUpAsync(LedgerAct.DisclosureDecide, async givenUp =>
        {
            var gone = await Assert.ThrowsAsync<RpcException>(() => _server.As(Carl).DecideAsync(rejection, cancellationToken: givenUp).ResponseAsync);
            Assert.Equal(StatusCode.Cancelled, gone.StatusCode);
        });

        await Poll.UntilAsync(async () => (await _server.GetAsync(id)).State == DisclosureState.Rejected).DefaultTimeout();
        var entries = _server.LedgerText.Split('\n')[^3..^1];
        Assert.Contains("\"phase\":\"intent\",\"act\":\"disclosure_decide\"", entries[0], StringComparison.Ordinal);
        Assert.Contains("\"result\":\"done\"", entries[1], StringComparison.Ordinal);
        await _server.RestartAsync();
        Assert.Equal(DisclosureState.Rejected, (await _server.GetAsync(id)).State);
    }

    [Fact]
    public async Task Open_WhoseAnswerIsLost_IsListedAndCanBeRejected()
    {
        _server.DistrustAt(LedgerAct.DisclosureOpen);
        var unwritten = await Assert.ThrowsAsync<RpcException>(() => _server.OpenAsync("82.8.0.1"));
        var running = await ListedAsync();
        await _server.RestartAsync();
        var restarted = await ListedAsync();
        await _server.GiveUpAsync(LedgerAct.DisclosureOpen, givenUp =>
            Assert.ThrowsAsync<RpcException>(() => _server.As(Anna).OpenAsync(Order("82.8.0.1"), cancellationToken: givenUp).ResponseAsync));
        await Poll.UntilAsync(async () => (await ListedAsync())[0].State == DisclosureState.Pending).DefaultTimeout();

        Assert.Equal((StatusCode.Internal, "OUTCOME_UNWRITTEN"), (unwritten.StatusCode, unwritten.Info().Reason));
        Assert.Equal(DisclosureState.Unconfirmed, Assert.Single(running).State);
        Assert.Equal(running, restarted);
        var approval = Decision(new DisclosureServiceOpenResponse { Disclosure = running[0], OrderKey = new string('A', 43) }, "82.8.0.1");
        var refused = await Assert.ThrowsAsync<RpcException>(() => _server.As(Bert).DecideAsync(approval).ResponseAsync.DefaultTimeout());
        Assert.Equal(
            ("UNCONFIRMED", "The disclosure is being opened, or that could not be entered in the ledger: then nobody has its key. Reject it, and open it anew."), (refused.Info().Metadata["state"], refused.Status.Detail));
        foreach (var lost in await ListedAsync())
        {
            await _server.As(Carl).DecideAsync(new() { DisclosureId = lost.DisclosureId, Decision = DisclosureDecision.Reject }).ResponseAsync.DefaultTimeout();
        }

        Assert.Equal([DisclosureState.Rejected, DisclosureState.Rejected], (await ListedAsync()).Select(static one => one.State));
    }

    [Fact]
    public async Task Execute_WhileTheStoreIsAway_FailsAndSucceedsLater()
    {
        await _server.ScoreAsync("82.3.0.1");
        var opened = await _server.ApprovedAsync("82.3.0.1");
        await _server.Redis.PauseAsync();
        var away = await Assert.ThrowsAsync<RpcException>(() => _server.As(Bert).ExecuteAsync(Execution(opened, "82.3.0.1")).ResponseAsync.DefaultTimeout());
        await _server.Redis.ResumeAsync();

        Assert.Equal((StatusCode.Unavailable, "STORE_UNAVAILABLE"), (away.StatusCode, away.Info().Reason));
        Assert.Equal(DisclosureState.Approved, (await _server.GetAsync(opened.Disclosure.DisclosureId)).State);
        Assert.Contains("\"result\":\"failed\"", _server.LedgerText.Split('\n')[^2], StringComparison.Ordinal);
        DisclosureServiceExecuteResponse? executed = null;
        await Poll.UntilAsync(async () =>
        {
            try
            {
                executed = await _server.As(Bert).ExecuteAsync(Execution(opened, "82.3.0.1"));
                return true;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
            {
                return false; // the connection is not back
            }
        }).DefaultTimeout();
        Assert.Equal(DisclosureHeld.Fully, executed!.Disclosure.Held);
    }

    [Theory]
    [InlineData(false)] // as where a verification found something
    [InlineData(true)] // somebody else writes it
    public async Task EveryAct_OnALedgerThatIsNotWritten_IsNotDone(bool isChanged)
    {
        await _server.ScoreAsync("82.4.0.1");
        var (pending, approved) = (await _server.OpenAsync("82.4.0.1"), await _server.ApprovedAsync("82.4.0.1"));
        var ledger = _server.Services.GetRequiredService<DeskLedger>();
        if (isChanged)
        {
            await File.AppendAllTextAsync(ledger.FilePath, "x");
        }
        else
        {
            ledger.Distrust("somebody says so");
        }

        var text = _server.LedgerText;
        var other = Order("82.4.0.1");
        other.Category = DisclosureCategory.Other;

        RpcException[] errors =
        [
            await Assert.ThrowsAsync<RpcException>(() => _server.OpenAsync("82.4.0.1")),
            await Assert.ThrowsAsync<RpcException>(() => _server.As(Anna).OpenAsync(other).ResponseAsync.DefaultTimeout()),
            await Assert.ThrowsAsync<RpcException>(() => _server.As(Bert).DecideAsync(Decision(pending, "82.4.0.1")).ResponseAsync.DefaultTimeout()),
            await Assert.ThrowsAsync<RpcException>(() => _server.As(Bert).ExecuteAsync(Execution(approved, "82.4.0.1")).ResponseAsync.DefaultTimeout()),
        ];

        Assert.All(errors, static error => Assert.Equal(
            (StatusCode.Unavailable, "LEDGER_UNWRITABLE", "It can't be entered in the ledger, so it is not done."), (error.StatusCode, error.Info().Reason, error.Status.Detail)));
        Assert.Equal(text, _server.LedgerText);
        Assert.Equal(DisclosureState.Pending, (await _server.GetAsync(pending.Disclosure.DisclosureId)).State);
        Assert.Equal(DisclosureState.Approved, (await _server.GetAsync(approved.Disclosure.DisclosureId)).State);
    }

    private async Task<IReadOnlyList<Disclosure>> ListedAsync() => (await _server.As(Carl).ListAsync(new()).ResponseAsync.DefaultTimeout()).Disclosures;
}
