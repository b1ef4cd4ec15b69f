namespace SpamGuard.Tests;

public sealed class FileContentTests
{
    private const int MaxBytes = 20_000;

    private readonly List<byte[]> _buffers = [];

    [Theory]
    [InlineData(0, 0)]
    [InlineData(10, 10)]
    [InlineData(10, 0)] // no plain file
    [InlineData(10_000, 0)]
    [InlineData(10_000, 9_000)] // it grows
    [InlineData(10_000, 12_000)] // it shrinks
    [InlineData(MaxBytes, 0)]
    [InlineData(MaxBytes, MaxBytes)]
    public void Read_OfAnyLength_IsWholeAndLeavesNoOtherBufferBehind(int bytes, int told)
    {
        var file = Bytes(bytes);

        var content = FileContent.Read(new Told(file, told), MaxBytes, Allocate);

        Assert.Equal(file, content);
        AssertZeroed(but: content);
    }

    [Theory]
    [InlineData(MaxBytes + 1)]
    [InlineData(0)]
    [InlineData(MaxBytes)]
    public void Read_OfMoreThanTheMost_IsNothingAndLeavesNoBufferBehind(int told)
    {
        Assert.Null(FileContent.Read(new Told(Bytes(MaxBytes + 1), told), MaxBytes, Allocate));
        AssertZeroed(but: null);
    }

    [Fact]
    public void Read_ThatFails_LeavesNoBufferBehind()
    {
        Assert.Throws<IOException>(() => FileContent.Read(new Told(Bytes(10), 20, failsAtEnd: true), MaxBytes, Allocate));
        Assert.Single(_buffers);
        AssertZeroed(but: null);
    }

    private static byte[] Bytes(int count) => [.. Enumerable.Repeat((byte)7, count)];

    private byte[] Allocate(int size)
    {
        _buffers.Add(new byte[size]);
        return _buffers[^1];
    }

    private void AssertZeroed(byte[]? but) => Assert.All(_buffers.Where(buffer => buffer != but), static buffer => Assert.False(buffer.AsSpan().ContainsAnyExcept((byte)0)));

    /// <summary>A file that tells a length, and holds what it holds.</summary>
    private sealed class Told(byte[] content, long length, bool failsAtEnd = false) : MemoryStream(content)
    {
        public override long Length => length;

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = base.Read(buffer, offset, count);
            return read == 0 && failsAtEnd ? throw new IOException() : read;
        }
    }
}
