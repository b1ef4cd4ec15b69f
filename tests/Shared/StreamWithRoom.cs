namespace SpamGuard.Testing;

/// <summary>A stream on a disk that is full, or fails, after so many writes.</summary>
internal sealed class StreamWithRoom(int writes) : MemoryStream
{
    private int _left = writes;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_left-- == 0)
        {
            throw new IOException("No space left on device");
        }

        base.Write(buffer);
    }
}
