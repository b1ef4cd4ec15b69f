using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Fixtures;

public sealed class DeadlineTests
{
    [Fact]
    public async Task TimeoutAfter_TaskThatHangs_FailsWithFileAndLine()
    {
        var hang = new TaskCompletionSource<int>();

        var failure = await Assert.ThrowsAsync<TimeoutException>(() => hang.Task.TimeoutAfter(TimeSpan.FromMilliseconds(10)));

        Assert.Matches(@"DeadlineTests\.cs:\d+ did not end", failure.Message);
    }

    [Fact]
    public async Task DefaultTimeout_TaskThatEnds_GivesItsResult() =>
        Assert.Equal(7, await Task.Run(() => 7).DefaultTimeout());

    [Fact]
    public async Task DefaultTimeout_TaskThatFails_GivesItsException()
    {
        var failed = Task.FromException(new TimeoutException("its own"));

        var failure = await Assert.ThrowsAsync<TimeoutException>(() => failed.DefaultTimeout());

        Assert.Equal("its own", failure.Message);
    }
}
