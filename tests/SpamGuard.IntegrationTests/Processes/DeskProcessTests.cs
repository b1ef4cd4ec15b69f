using Envoy.Service.Auth.V3;
using Grpc.Core;
using SpamGuard.Desk.Ledger;
using SpamGuard.IntegrationTests.Fixtures;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.IntegrationTests.Privacy;
using SpamGuard.Server.Callers;
using SpamGuard.Testing;
using SpamGuard.Testing.Privacy;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Processes;

/// <summary>The desk as a process of its own: what it serves and who else does, and what is left of an act when it ends in the middle of one.</summary>
[Collection(nameof(OtherWaitingCollection))]
public sealed class DeskProcessTests(RedisFixture redis) : IAsyncLifetime, IDisposable
{
    private const string Address = "67.10.0.1";

    // What is promised, and what a busy machine adds.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);
    private static readonly Marshaller<byte[]> Bytes = new(static bytes => bytes, static bytes => bytes);

    /// <summary>Services of a process that scores and of no desk.</summary>
    private static readonly IReadOnlyList<string> Scoring = [ScoringService.Descriptor.FullName, FeedbackService.Descriptor.FullName, Authorization.Descriptor.FullName];

    /// <summary>Services of both.</summary>
    private static readonly IReadOnlyList<string> Everywhere = [PolicyService.Descriptor.FullName, global::Grpc.Health.V1.Health.Descriptor.FullName];

    private readonly PepperFile _pepper = new();
    private readonly LedgerVolume _volume = new();

    public Task InitializeAsync() => redis.FlushAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _pepper.Dispose();
        _volume.Dispose();
    }

    [Fact]
    public async Task Methods_OfTheDeskAndOfScoring_AreServedByOneOfThemOnly()
    {
        await using var desk = await DeskAsync();
        await using var scorer = await ServerProcess.ReadyAsync(redis, _pepper.Path);

        var methods = MethodRoles.All.Keys.Where(static path => !path.Contains("reflection", StringComparison.Ordinal)).ToList();
        Assert.Contains(methods, static path => path.EndsWith("EpochService/Roll", StringComparison.Ordinal));
        foreach (var path in methods)
        {
            var service = path.Split('/')[1];
            Assert.Equal((path, Everywhere.Contains(service) || Scoring.Contains(service)), (path, await IsServedAsync(scorer, path)));
            Assert.Equal((path, !Scoring.Contains(service)), (path, await IsServedAsync(desk, path)));
        }

        foreach (var service in ServiceDescriptors.All.Select(static service => service.FullName))
        {
            Assert.Equal((service, Everywhere.Contains(service) || Scoring.Contains(service)), (service, await ServerProgram.IsServingAsync(scorer.Channel, service)));
            Assert.Equal((service, !Scoring.Contains(service)), (service, await ServerProgram.IsServingAsync(desk.Channel, service)));
        }
    }

    [Fact]
    public async Task Kill_BetweenIntentAndOutcome_IsEnteredAsUnknownAtTheNextStartAndNobodyScoresLess()
    {
        await using var scorer = await ScorerAsync();
        await using (var desk = await DeskAsync())
        {
            await using var second = ServerProcess.StartDesk(redis, _pepper.Path, _volume);
            await Poll.UntilAsync(() => Task.FromResult(second.ExitCode is not null)).DefaultTimeout();
            Assert.Equal(1, second.ExitCode);
            Assert.StartsWith($"Ledger:Path: found '{_volume.Folder}', which another process uses; ", Assert.Single(Lines(second)), StringComparison.Ordinal);

            using var asked = await BegunAsync(desk);
            await desk.KillAsync();
            await redis.ResumeAsync();

            Assert.Equal(StatusCode.Unavailable, (await RefusedAsync(asked)).StatusCode);
        }

        Assert.Equal(Quality.Full, (await ScoreAsync(scorer)).Quality);
        Assert.Single(_volume.Verify().Open);
        await using var again = await DeskAsync();

        Assert.Equal((null, 0), (_volume.Verify().Fault, _volume.Verify().Open.Count));
        var (intent, outcome) = (_volume.Entries(LedgerAct.SubjectErase)[^2], _volume.Entries(LedgerAct.SubjectErase)[^1]);
        Assert.Equal((LedgerPhase.Intent, LedgerEntry.Unknown, intent.Seq), (intent.Phase, outcome.Result, outcome.Intent));
        Assert.Contains("spamguard_ledger_unknown_outcomes 1\n", await again.MetricsAsync(), StringComparison.Ordinal);
        Assert.Contains($"\"event_id\":{EventIds.LedgerOutcomeUnknown},", again.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await EraseAsync(again)).RecordsDeleted);
        Assert.True(_volume.Entries(LedgerAct.SubjectErase)[^1].IsDone);
    }

    [Fact]
    public async Task Stop_InTheMiddleOfAnAct_EndsOnceItsOutcomeIsEntered()
    {
        await using var desk = await DeskAsync();
        try
        {
            using var asked = await BegunAsync(desk);
            Assert.Equal(0, await desk.StopAsync());
            Assert.Equal("STORE_UNAVAILABLE", (await RefusedAsync(asked)).Info().Reason); // for the store does not answer; but who asked is told
        }
        finally
        {
            await redis.ResumeAsync();
        }

        Assert.Equal("failed", _volume.Entries(LedgerAct.SubjectErase)[^1].Result);
        Assert.Equal((null, 0), (_volume.Verify().Fault, _volume.Verify().Open.Count));
    }

    [Fact]
    public async Task Desk_ThatSeesAnotherPolicyOrOtherPeppers_EntersEachOnceOverRestartsToo()
    {
        using var policy = new PolicyFileOnDisk("sign_up: {cap: CHALLENGE}\n");
        string? first;
        await using (var desk = await ServerProcess.DeskAsync(redis, _pepper.Path, _volume, variables: ("Policy__Path", policy.Path)))
        {
            await ObservedAsync();
            first = _volume.Entries(LedgerAct.PolicyObserved)[0].Text("revision");
            policy.Exchange("sign_up: {cap: THROTTLE}\n");
            await Poll.UntilAsync(() => Task.FromResult(_volume.Entries(LedgerAct.PolicyObserved).Count == 2)).TimeoutAfter(Limit);
            Assert.Equal(0, await desk.StopAsync());
        }

        await redis.FlushAsync(); // no epoch names the pepper any more
        _pepper.Exchange();
        await using var again = await ServerProcess.DeskAsync(redis, _pepper.Path, _volume, variables: ("Policy__Path", policy.Path));
        await Poll.UntilAsync(() => Task.FromResult(_volume.Entries(LedgerAct.PepperObserved).Count == 2)).DefaultTimeout();

        var (policies, peppers) = (_volume.Entries(LedgerAct.PolicyObserved), _volume.Entries(LedgerAct.PepperObserved));
        Assert.Equal(2, policies.Count); // not once more at the second start
        Assert.NotEqual(first, policies[1].Text("revision"));
        Assert.NotEqual(peppers[0].Text("newest"), peppers[1].Text("newest"));
        Assert.All(policies.Concat(peppers), static entry => Assert.Null(entry.By));
        Assert.Null(_volume.Verify().Fault);
    }

    [Fact]
    public async Task Act_WhileTheDiskIsFull_IsNotDoneAndIsOnceThereIsRoomAgain()
    {
        await using var scorer = await ScorerAsync();
        await using var desk = await DeskAsync(FileSizeLimit.IgnoreItsSignal);
        var (before, keys) = (await File.ReadAllBytesAsync(_volume.FilePath), await KeysAsync());

        FileSizeLimit.Set(desk.Id, before.Length + 40); // so that an entry is cut short
        await NothingIsDoneAsync(desk);
        Assert.Equal(before, await File.ReadAllBytesAsync(_volume.FilePath));
        Assert.Equal(keys, await KeysAsync());
        Assert.Contains("spamguard_ledger_write_failures_total 3\n", await desk.MetricsAsync(), StringComparison.Ordinal);
        Assert.Equal(Quality.Full, (await ScoreAsync(scorer)).Quality);
        Assert.True(await desk.IsServingAsync());

        FileSizeLimit.Lift(desk.Id);
        Assert.Equal(1, (await EraseAsync(desk)).RecordsDeleted);
        Assert.Equal((null, 0), (_volume.Verify().Fault, _volume.Verify().Open.Count));
    }

    [Fact]
    public async Task Act_WhoseOutcomeFindsTheDiskFull_IsNotAnsweredAndIsUnknownAfterwards()
    {
        await using var scorer = await ScorerAsync();
        await using (var desk = await DeskAsync(FileSizeLimit.IgnoreItsSignal))
        {
            var before = new FileInfo(_volume.FilePath).Length;
            await InspectAsync(desk);
            var intent = (await File.ReadAllLinesAsync(_volume.FilePath))[^2].Length;
            var length = new FileInfo(_volume.FilePath).Length;
            Assert.True(length > before + intent);

            FileSizeLimit.Set(desk.Id, length + intent + 40);
            var error = await Assert.ThrowsAsync<RpcException>(() => Subjects(desk).EraseAsync(Erase()).ResponseAsync.DefaultTimeout());
            FileSizeLimit.Lift(desk.Id);

            Assert.Equal((StatusCode.Internal, "OUTCOME_UNWRITTEN"), (error.StatusCode, error.Info().Reason));
            Assert.Equal("What became of it can't be entered in the ledger, so it is not answered. It may have been done.", error.Status.Detail);
            Assert.Equal(0, (await EraseAsync(desk)).RecordsDeleted); // it was done
            Assert.Contains("spamguard_ledger_open_intents 1\n", await desk.MetricsAsync(), StringComparison.Ordinal);
            Assert.Equal(0, await desk.StopAsync());
        }

        Assert.Equal((null, 1), (_volume.Verify().Fault, _volume.Verify().Open.Count));
        await using var again = await DeskAsync();
        Assert.Equal((null, 0), (_volume.Verify().Fault, _volume.Verify().Open.Count));
        Assert.Contains("spamguard_ledger_unknown_outcomes 1\n", await again.MetricsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_WhoseOutcomeFindsTheDiskFull_IsToldToNobodyAndNotSaidToBe()
    {
        await using var scorer = await ScorerAsync();
        await using var desk = await DeskAsync(FileSizeLimit.IgnoreItsSignal);
        await InspectAsync(desk);
        var intent = (await File.ReadAllLinesAsync(_volume.FilePath))[^2].Length;

        FileSizeLimit.Set(desk.Id, new FileInfo(_volume.FilePath).Length + intent + 40);
        var error = await Assert.ThrowsAsync<RpcException>(
            () => Subjects(desk).InspectAsync(new InspectRequest { Address = Address, Attestation = "card" }).ResponseAsync.DefaultTimeout());
        FileSizeLimit.Lift(desk.Id);

        Assert.Equal((StatusCode.Internal, "OUTCOME_UNWRITTEN"), (error.StatusCode, error.Info().Reason));
        var metrics = await desk.MetricsAsync();
        Assert.Contains("spamguard_inspections_total{result=\"held\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("spamguard_inspections_total{result=\"unavailable\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Single(Lines(desk), static line => line.Contains("was told what is held", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Act_OnceTheDiskIsReadOnly_IsNotDoneUntilARestart()
    {
        await using var scorer = await ScorerAsync();
        await using (var desk = await DeskAsync())
        {
            var (before, keys) = (await File.ReadAllBytesAsync(_volume.FilePath), await KeysAsync());
            await using (await ReadOnlyDisk.OfAsync(desk.Id, _volume.FilePath))
            {
                await NothingIsDoneAsync(desk);
            }

            await NothingIsDoneAsync(desk); // what the disk has is not known
            Assert.Equal(before, await File.ReadAllBytesAsync(_volume.FilePath));
            Assert.Equal(keys, await KeysAsync());
            Assert.Contains("spamguard_ledger_sound 0\n", await desk.MetricsAsync(), StringComparison.Ordinal);
            Assert.Single(Lines(desk), static line => line.Contains($"\"event_id\":{EventIds.LedgerUnsound},", StringComparison.Ordinal));
            Assert.Equal(Quality.Full, (await ScoreAsync(scorer)).Quality);
            Assert.True(await desk.IsServingAsync());
            Assert.Equal(0, await desk.StopAsync());
        }

        await using var again = await DeskAsync();
        Assert.Equal(1, (await EraseAsync(again)).RecordsDeleted);
        Assert.Equal((null, 0), (_volume.Verify().Fault, _volume.Verify().Open.Count));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_OnAReadOnlyDisk_IsRefusedInALine(bool hasLedger)
    {
        if (hasLedger)
        {
            await using var first = await DeskAsync();
            Assert.Equal(0, await first.StopAsync());
        }

        await using var desk = ServerProcess.StartDesk(redis, _pepper.Path, _volume, ReadOnlyDisk.OfStart(Path.Combine(_volume.Folder, hasLedger ? LedgerFile.Name : "ledger.lock")));
        await Poll.UntilAsync(() => Task.FromResult(desk.ExitCode is not null)).DefaultTimeout();

        Assert.Equal(1, desk.ExitCode);
        Assert.StartsWith($"Ledger:Path: found '{_volume.Folder}', where this process may not write; ", Assert.Single(Lines(desk)), StringComparison.Ordinal);
    }

    private static async Task NothingIsDoneAsync(ServerProcess desk)
    {
        foreach (var call in (Func<Task>[])
        [
            () => Subjects(desk).EraseAsync(Erase()).ResponseAsync.DefaultTimeout(),
            () => Subjects(desk).InspectAsync(new InspectRequest { Address = Address, Attestation = "card" }).ResponseAsync.DefaultTimeout(),
            () => new EpochService.EpochServiceClient(desk.Channel).RollAsync(new RollRequest()).ResponseAsync.DefaultTimeout(),
        ])
        {
            var error = await Assert.ThrowsAsync<RpcException>(call);
            Assert.Equal((StatusCode.Unavailable, "LEDGER_UNWRITABLE"), (error.StatusCode, error.Info().Reason));
            Assert.Equal("It can't be entered in the ledger, so it is not done.", error.Status.Detail);
        }
    }

    private static Task<RpcException> RefusedAsync(AsyncUnaryCall<EraseResponse> call) => Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.DefaultTimeout());

    private static SubjectService.SubjectServiceClient Subjects(ServerProcess desk) => new(desk.Channel);

    private static EraseRequest Erase() => new() { Address = Address, Attestation = "card" };

    private static Task<EraseResponse> EraseAsync(ServerProcess desk) => ServerProcess.AnsweredAsync(() => Subjects(desk).EraseAsync(Erase()));

    private static Task<InspectResponse> InspectAsync(ServerProcess desk) =>
        ServerProcess.AnsweredAsync(() => Subjects(desk).InspectAsync(new InspectRequest { Address = Address, Attestation = "card" }));

    private static Task<Assessment> ScoreAsync(ServerProcess scorer) =>
        scorer.ScoreAsync(new ScoreRequest { Event = Events.SignUp(Address), RequestId = Events.NewRequestId() });

    private static string[] Lines(ServerProcess server) => server.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    // Whether a caller with every role is answered by the method: with what is no message, so that nothing is done.
    private static async Task<bool> IsServedAsync(ServerProcess server, string path)
    {
        var parts = path.Split('/');
        var method = new Method<byte[], byte[]>(MethodType.DuplexStreaming, parts[1], parts[2], Bytes, Bytes);
        using var call = server.Channel.CreateCallInvoker().AsyncDuplexStreamingCall(method, host: null, new CallOptions());
        try
        {
            await call.RequestStream.WriteAsync([0x08]).DefaultTimeout(); // a field without its value
            await call.RequestStream.CompleteAsync().DefaultTimeout();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // answered before it was written: the answer says what
        }

        try
        {
            await call.ResponseStream.MoveNext(CancellationToken.None).DefaultTimeout();
            return true;
        }
        catch (RpcException e)
        {
            return e.StatusCode != StatusCode.Unimplemented;
        }
    }

    // A process that has scored the address.
    private async Task<ServerProcess> ScorerAsync()
    {
        var scorer = await ServerProcess.ReadyAsync(redis, _pepper.Path);
        await ScoreAsync(scorer);
        return scorer;
    }

    // A desk that has entered what it sees at its start.
    private async Task<ServerProcess> DeskAsync(string? prefix = null)
    {
        var desk = await ServerProcess.DeskAsync(redis, _pepper.Path, _volume, prefix);
        await ObservedAsync();
        return desk;
    }

    // What it saw of policy and peppers is entered at its start, and not again.
    private Task ObservedAsync() => Poll.UntilAsync(() => Task.FromResult(_volume.Entries(LedgerAct.PepperObserved).Count == 1)).DefaultTimeout();

    // An erasure that waits for a store which stands still: it is entered, and not over.
    private async Task<AsyncUnaryCall<EraseResponse>> BegunAsync(ServerProcess desk)
    {
        await InspectAsync(desk); // the salts are known, and the store answers
        await redis.PauseAsync();
        try
        {
            var call = Subjects(desk).EraseAsync(Erase());
            await Poll.UntilAsync(() => Task.FromResult(_volume.Entries(LedgerAct.SubjectErase) is [{ Phase: LedgerPhase.Intent }])).DefaultTimeout();
            return call;
        }
        catch (TimeoutException)
        {
            await redis.ResumeAsync(); // others use it too
            throw;
        }
    }

    private async Task<IReadOnlyList<string>> KeysAsync() =>
        [.. (await KeyspaceSink.KeysAsync(redis.Admin)).Select(static key => key.ToString()).Where(static key => !key.StartsWith("sg:w:", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}
