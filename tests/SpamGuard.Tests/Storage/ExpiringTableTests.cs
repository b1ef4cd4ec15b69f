using SpamGuard.Storage.InProcess;

namespace SpamGuard.Tests.Storage;

public sealed class ExpiringTableTests
{
    private const int Capacity = 100;
    private const long Deadline = 1000;

    private readonly ExpiringTable<int, string> _table = new(stepSeconds: 10, Capacity);

    [Fact]
    public void Set_BeyondTheCapacity_FreesTheOldest()
    {
        Fill(0, Capacity + 1);

        Assert.Equal(Capacity, _table.Count);
        Assert.False(Has(0));
        Assert.True(Has(1));
        Assert.True(Has(Capacity));
    }

    [Fact]
    public void Set_OfAFloodOfNewKeys_KeepsWhatIsInUse()
    {
        _table.Set(-1, "in use", Deadline);
        for (var i = 0; i < 20 * Capacity; i++)
        {
            Fill(i, 1);
            if (i % (Capacity / 2) == 0)
            {
                Assert.True(Has(-1));
                _table.Set(-1, "still in use", Deadline);
            }
        }

        Assert.Equal(Capacity, _table.Count);
        Assert.True(_table.TryGet(-1, 0, out var value));
        Assert.Equal("still in use", value);
    }

    [Fact]
    public void Set_WhereAllIsInUse_FreesOneAllTheSame()
    {
        Fill(0, Capacity);
        for (var i = 0; i < Capacity; i++)
        {
            Assert.True(Has(i));
        }

        Fill(Capacity, 10);
        Assert.Equal(Capacity, _table.Count);
    }

    [Fact]
    public void TryGet_AtItsDeadline_FindsNothingAndTheKeyCanBeWrittenAgain()
    {
        Fill(0, Capacity);
        Assert.False(_table.TryGet(7, Deadline * 1000, out _));
        _table.Free(Deadline * 1000);

        _table.Set(7, "again", 2 * Deadline);

        Assert.True(_table.TryGet(7, Deadline * 1000, out var value));
        Assert.Equal("again", value);
        Assert.Equal(Capacity, _table.Count);
    }

    private void Fill(int from, int count)
    {
        for (var key = from; key < from + count; key++)
        {
            _table.Set(key, "", Deadline);
        }
    }

    private bool Has(int key) => _table.TryGet(key, 0, out _);
}
