using System.Buffers.Binary;
using SpamGuard.Addresses;
using SpamGuard.Storage;

namespace SpamGuard.Tests.Storage;

public sealed class ReportListTests
{
    [Fact]
    public void Holds_EachLabelByItself_OnceItWasEntered()
    {
        var list = default(ReportList).With(Id(1), spam: true, 100).With(Id(2), spam: false, 100);

        Assert.True(list.Holds(Id(1), spam: true));
        Assert.False(list.Holds(Id(1), spam: false));
        Assert.False(list.Holds(Id(2), spam: true));
        Assert.True(list.Holds(Id(2), spam: false));
        Assert.False(list.Holds(Id(3), spam: true));
        Assert.Equal(2, list.Count);
    }

    [Fact]
    public void With_SecondLabelOfOneId_TakesNoSecondPlace()
    {
        var list = default(ReportList).With(Id(1), spam: true, 100).With(Id(2), spam: true, 100).With(Id(1), spam: false, 100);

        Assert.Equal(2, list.Count);
        Assert.True(list.Holds(Id(1), spam: true));
        Assert.True(list.Holds(Id(1), spam: false));
        Assert.False(list.Holds(Id(2), spam: false));
    }

    [Fact]
    public void With_OneMoreThanTheMost_ForgetsTheOldest()
    {
        ReportList list = default;
        for (var i = 0; i <= ReportList.MaxEntries; i++)
        {
            list = list.With(Id(i), spam: true, 100);
        }

        Assert.Equal(ReportList.MaxEntries - ReportList.RoomEntries + 1, list.Count);
        Assert.False(list.Holds(Id(ReportList.RoomEntries - 1), spam: true));
        Assert.True(list.Holds(Id(ReportList.RoomEntries), spam: true));
        Assert.True(list.Holds(Id(ReportList.MaxEntries), spam: true));
    }

    [Fact]
    public void With_AnotherDeadline_ShortensTheListAndNeverLengthensIt()
    {
        var list = default(ReportList).With(Id(1), spam: true, 100);

        Assert.Equal(100, list.With(Id(2), spam: true, 200).Deadline);
        Assert.Equal(50, list.With(Id(2), spam: true, 50).Deadline);
    }

    [Fact]
    public void Holds_AnIdThatStandsAcrossTwoEntries_IsNotFoundThere()
    {
        // 01 02 .. 0c | 01 | 01 02 .. 0c | 01: from the second byte on it reads 02 .. 0c 01, which is an id too.
        var first = new SubjectToken([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        var across = new SubjectToken([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 1]);
        var list = default(ReportList).With(first, spam: true, 100);

        Assert.False(list.Holds(across, spam: true));
        Assert.True(list.With(across, spam: true, 100).Holds(across, spam: true));
        Assert.Equal(2, list.With(across, spam: true, 100).Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(18)]
    public void Read_WhatIsNoList_IsNone(int length)
    {
        var list = ReportList.Read(new byte[length]);

        Assert.Equal((0, 0), (list.Count, list.Deadline));
        Assert.Equal(1, list.With(Id(1), spam: true, 100).Count);
    }

    private static SubjectToken Id(int number)
    {
        Span<byte> bytes = stackalloc byte[SubjectToken.Size];
        BinaryPrimitives.WriteInt32BigEndian(bytes[8..], number);
        return new SubjectToken(bytes);
    }
}
