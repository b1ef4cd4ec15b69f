using SpamGuard.Server.Callers;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Callers;

/// <summary>A bucket that fills at a rate: what it gives, when it gives again, and what a reload leaves of it.</summary>
public sealed class CallerQuotasTests
{
    private static readonly Quota Slow = new(.01, 4);

    [Fact]
    public void TryTake_WhatIsNotLimited_GivesAlways() => Assert.True(CallerQuotas.None.TryTake(QuotaClass.Score, int.MaxValue, out _, out _));

    [Fact]
    public void TryTake_UntilNothingIsLeft_TellsTheQuotaAndTheWait()
    {
        var quotas = Of(Slow);

        Assert.True(quotas.TryTake(QuotaClass.Score, 3, out _, out _));
        Assert.False(quotas.TryTake(QuotaClass.Score, 3, out var exceeded, out var wait));
        Assert.Equal(Slow, exceeded);
        Assert.InRange(wait!.Value.TotalSeconds, 100, 200); // two more, at one in 100 s
        Assert.True(quotas.TryTake(QuotaClass.Score, 1, out _, out _));
        Assert.False(quotas.TryTake(QuotaClass.Score, 1, out _, out wait));
        Assert.InRange(wait!.Value.TotalSeconds, 0, 100);
        Assert.True(quotas.TryTake(QuotaClass.Preview, 1, out _, out _));
    }

    [Fact]
    public void TryTake_MoreThanTheBucketHolds_NeverFits()
    {
        Assert.False(Of(Slow).TryTake(QuotaClass.Score, 5, out var exceeded, out var wait));
        Assert.Equal((Slow, null), (exceeded, wait));
    }

    [Theory]
    [InlineData(1, true, true)]
    [InlineData(3, true, true)]
    [InlineData(4, false, true)]
    [InlineData(5, false, false)]
    public void TryTakeRest_OfSoMuch_IsJudgedByAllOfItAndTakesNothingWhereItIsRefused(int count, bool fits, bool everFits)
    {
        var quotas = Of(Slow);
        Assert.True(quotas.TryTake(QuotaClass.Score, 1, out _, out _)); // some other call
        Assert.True(quotas.TryTake(QuotaClass.Score, 1, out _, out _)); // at the gate

        Assert.Equal(fits, quotas.TryTakeRest(QuotaClass.Score, count, out var exceeded, out var wait));

        Assert.Equal((fits ? null : Slow, !fits && everFits), (exceeded, wait is not null));
        if (wait is { } time)
        {
            Assert.InRange(time.TotalSeconds, 100, 200); // 2 are left of 4 that the call takes when it is made again
        }

        var left = fits ? 3 - count : 2;
        Assert.Equal(left == 0, !quotas.TryTake(QuotaClass.Score, Math.Max(left, 1), out _, out _));
        Assert.False(quotas.TryTake(QuotaClass.Score, 1, out _, out _));
    }

    [Fact]
    public async Task TryTake_AfterAWhile_GivesAgain()
    {
        var quotas = Of(new Quota(1000, 1));
        Assert.True(quotas.TryTake(QuotaClass.Score, 1, out _, out _));

        await Poll.UntilAsync(() => Task.FromResult(quotas.TryTake(QuotaClass.Score, 1, out _, out _))).DefaultTimeout();
    }

    [Fact]
    public void Reload_OfTheSameQuota_KeepsWhatIsLeftAndOfAnotherBeginsAnew()
    {
        var before = Of(Slow);
        Assert.True(before.TryTake(QuotaClass.Score, 4, out _, out _));

        Assert.False(Of(new Quota(.01, 4), before).TryTake(QuotaClass.Score, 1, out _, out _));
        Assert.True(Of(new Quota(.01, 3), before).TryTake(QuotaClass.Score, 3, out _, out _));
    }

    private static CallerQuotas Of(Quota score, CallerQuotas? before = null) => new(new Dictionary<QuotaClass, Quota> { [QuotaClass.Score] = score }, before);
}
