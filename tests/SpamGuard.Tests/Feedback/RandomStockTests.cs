using SpamGuard.Feedback;

namespace SpamGuard.Tests.Feedback;

public sealed class RandomStockTests
{
    [Fact]
    public void Fill_OverSeveralStocks_GivesNoBytesTwice()
    {
        var pieces = new HashSet<string>(StringComparer.Ordinal);
        var buffer = new byte[24];
        for (var i = 0; i < 500; i++)
        {
            var piece = buffer.AsSpan(0, i % 2 == 0 ? 12 : 24); // an id, a nonce
            piece.Clear();
            RandomStock.Fill(piece);
            for (var at = 0; at < piece.Length; at += 12)
            {
                Assert.True(pieces.Add(Convert.ToHexString(piece.Slice(at, 12))));
            }
        }
    }

    [Fact]
    public async Task Fill_OnSeveralThreads_GivesEachItsOwn()
    {
        var filled = await Task.WhenAll(Enumerable.Range(0, 16).Select(static _ => Task.Factory.StartNew(
            static () =>
            {
                var piece = new byte[24];
                RandomStock.Fill(piece);
                return Convert.ToHexString(piece);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        Assert.Equal(filled.Length, filled.Distinct(StringComparer.Ordinal).Count());
    }
}
