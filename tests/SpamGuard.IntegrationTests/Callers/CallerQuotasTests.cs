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

        Assert.True(quotas.TryTake(QuotaClass.Score, 0, out _, out _));
        Assert.True(quotas.TryTake(QuotaClass.Score, 3, out _, out _));
        Assert.False(quotas.TryTake(QuotaClass.Score, 3, out var exceeded, out var wait));
        Assert.Equal(Slow, exceeded);
        Assert.InRange(wait!.Value.TotalSeconds, 100, 200); // two more, at one in 100 s
        Assert.True(quotas.TryTake(QuotaClass.Score, 1, out _, out _));
        Assert.False(quotas.TryTake(QuotaClass.Score, 0, out _, out wait));
        Assert.InRange(wait!.Value.TotalSeconds, 0, 100);
        Assert.True(quotas.TryTake(QuotaClass.Preview, 1, out _, out _));
    }

    [Fact]
    public void TryTake_MoreThanTheBucketHolds_NeverFits()
    {
        Assert.False(Of(Slow).TryTake(QuotaClass.Score, 5, out var exceeded, out var wait));
        Assert.Equal((Slow, null), (exceeded, wait));
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
