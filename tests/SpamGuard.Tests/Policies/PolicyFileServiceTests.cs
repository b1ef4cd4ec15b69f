using Microsoft.Extensions.Options;
using Prometheus;
using SpamGuard.Policies;
using SpamGuard.Policies.Files;
using SpamGuard.Testing;
using SpamGuard.Tests.Epochs;

namespace SpamGuard.Tests.Policies;

/// <summary>A real file under the service, on a stepped clock and by polls alone: after each turn what it did is looked at.</summary>
public sealed class PolicyFileServiceTests : IAsyncLifetime, IDisposable
{
    private readonly PolicyFileOnDisk _file = new("sign_up: {cap: THROTTLE}\n");
    private readonly SteppedTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly RecordingLogger<PolicyKeeper> _logger = new();
    private readonly PolicySource _source;
    private readonly PolicyFileService _service;

    public PolicyFileServiceTests()
    {
        var folder = Path.GetDirectoryName(_file.Path)!;
        var watch = new FileWatch(folder, name => name == Path.GetFileName(_file.Path), PolicyYaml.MaxBytes, _time, new RecordingLogger<FileWatch>()) { WithNotices = false };
        var first = new PolicyReading(watch, PolicyFile.Of(watch.Read()));
        var options = Options.Create(new PolicyOptions { Path = _file.Path, First = first });
        _source = new PolicySource(first.File.Policy!);
        _service = new PolicyFileService(
            options, new PolicyKeeper(options, _source, new PolicyMetrics(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry())), _time, _logger));
    }

    public Task InitializeAsync() => _service.StartAsync(default);

    public Task DisposeAsync() => _service.StopAsync(default).DefaultTimeout();

    public void Dispose()
    {
        _service.Dispose();
        _file.Dispose();
    }

    [Fact]
    public async Task Run_FileThatStaysAsItIs_ChangesAndSaysNothing()
    {
        var first = _source.Current;

        await StepAsync(10);

        Assert.Same(first, _source.Current);
        Assert.Empty(_logger.Entries);
    }

    [Fact]
    public async Task Run_FileOfWhichHalfIsAPolicyToo_TakesTheWholeOnly()
    {
        await _time.StepUntilAsync(() => true); // it waits
        _file.Write("sign_up:\n  cap: CHALLENGE\n");
        await StepAsync(1); // found by a poll
        await _time.StepUntilAsync(() => true); // it waits for the file to settle
        _file.Write("sign_up:\n  cap: CHALLENGE\n  limits: {wide: 2}\n");

        await _time.StepUntilAsync(() => _source.Current.Policy.SignUp.Cap == Verdict.Challenge);

        Assert.Equal(2, _source.Current.Policy.SignUp.WideLimit);
        Assert.Equal(1, _logger.Count(EventIds.PolicyApplied));
    }

    [Fact]
    public async Task Run_FileThatCantBeUsed_IsToldOncePerContent()
    {
        var first = _source.Current;
        _file.Write("sign_up: {cap: BLOCK}\n");
        await _time.StepUntilAsync(() => _logger.Count(EventIds.PolicyRejected) == 1);
        await StepAsync(10);
        Assert.Single(_logger.Entries);

        _file.Write("sign_up: {cap: BLOCKED}\n");
        await _time.StepUntilAsync(() => _logger.Count(EventIds.PolicyRejected) == 2);
        await StepAsync(10);

        Assert.Equal(2, _logger.Entries.Count);
        Assert.Same(first, _source.Current);
    }

    [Fact]
    public async Task Run_FileThatIsDeleted_LeavesThePolicyInForce()
    {
        var first = _source.Current;
        _file.Delete();

        await _time.StepUntilAsync(() => _logger.Count(EventIds.PolicyRejected) == 1);

        Assert.Same(first, _source.Current);
        Assert.Contains("found no file", Assert.Single(_logger.Entries).Text, StringComparison.Ordinal);
    }

    private async Task StepAsync(int turns)
    {
        for (var i = 0; i < turns; i++)
        {
            await _time.StepAsync();
        }
    }
}
