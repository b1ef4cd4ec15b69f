using System.Security.Cryptography;

namespace SpamGuard;

/// <summary>Reads files whole. A buffer that is not handed out is zeroed, for some files hold secrets.</summary>
internal static class FileContent
{
    private const int LeastGrowth = 4096;

    /// <summary>
    /// The bytes from here to the end; <c>null</c> where there are more than <paramref name="maxBytes"/>. By what is read and not by the length
    /// alone: a file may grow, and some that are no plain files have none.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="maxBytes">The most bytes.</param>
    /// <param name="allocate">Makes buffers; <c>null</c> for the runtime.</param>
    public static byte[]? Read(Stream file, int maxBytes, Func<int, byte[]>? allocate = null)
    {
        allocate ??= static size => new byte[size];
        var length = file.CanSeek ? file.Length : 0;
        if (length > maxBytes)
        {
            return null;
        }

        var (content, filled, isWhole) = (allocate((int)length), 0, false);
        Span<byte> next = stackalloc byte[1];
        try
        {
            while (true)
            {
                var isFull = filled == content.Length;
                var read = file.Read(isFull ? next : content.AsSpan(filled));
                if (read == 0)
                {
                    content = Resized(filled);
                    isWhole = true;
                    return content;
                }

                if (filled + read > maxBytes)
                {
                    return null;
                }

                if (isFull)
                {
                    content = Resized((int)Math.Min(maxBytes, Math.Max(2L * filled, LeastGrowth)));
                    content[filled] = next[0];
                }

                filled += read;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(next);
            if (!isWhole)
            {
                CryptographicOperations.ZeroMemory(content);
            }
        }

        byte[] Resized(int size)
        {
            if (size == content.Length)
            {
                return content;
            }

            var other = allocate(size);
            content.AsSpan(0, filled).CopyTo(other);
            CryptographicOperations.ZeroMemory(content);
            return other;
        }
    }
}
