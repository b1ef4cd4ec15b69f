using Microsoft.Extensions.Time.Testing;

namespace SpamGuard.Tests;

public sealed class PaceTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 2)]
    [InlineData(500, 51)]
    public async Task Next_AfterAStall_LetsATenthOfASecondThroughAtOnceAndNotMore(int perSecond, int expected)
    {
        var pace = new Pace(perSecond, _time);
        Assert.Equal(1, await AtOnceAsync(pace)); // one more waits
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(expected, await AtOnceAsync(pace));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(50)]
    public async Task Next_OverTenSeconds_KeepsItsRate(int perSecond)
    {
        var pace = new Pace(perSecond, _time);
        var ends = _time.GetUtcNow().AddSeconds(10);
        var passed = 0;
        while (true)
        {
            var next = pace.NextAsync(default);
            while (!next.IsCompleted && _time.GetUtcNow() < ends)
            {
                _time.Advance(TimeSpan.FromMilliseconds(10));
            }

            if (_time.GetUtcNow() >= ends)
            {
                break;
            }

            await next;
            passed++;
        }

        Assert.Equal(10 * perSecond, passed);
    }

    [Fact]
    public async Task Next_Cancelled_WaitsNoLonger()
    {
        var pace = new Pace(1, _time);
        await pace.NextAsync(default);
        using var cancel = new CancellationTokenSource();
        var next = pace.NextAsync(cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task Next_ThatCountsForMany_MakesTheNextWaitForSoMany()
    {
        var pace = new Pace(1000, _time);
        await pace.NextAsync(200, default);
        var next = pace.NextAsync(200, default);

        _time.Advance(TimeSpan.FromMilliseconds(199));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(next.IsCompleted);
    }

    private static async Task<int> AtOnceAsync(Pace pace)
    {
        var passed = 0;
        for (var next = pace.NextAsync(default); next.IsCompleted; next = pace.NextAsync(default))
        {
            await next;
            passed++;
        }

        return passed;
    }
}
