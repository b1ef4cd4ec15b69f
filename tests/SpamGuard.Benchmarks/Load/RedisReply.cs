using System.Buffers.Text;
using System.Text;

namespace SpamGuard.Benchmarks.Load;

/// <summary>Finds the end of one reply of the Redis protocol (RESP2).</summary>
internal static class RedisReply
{
    /// <summary>Whether the data begins with a whole reply.</summary>
    /// <param name="data">What was received.</param>
    /// <param name="length">Its length.</param>
    /// <param name="numbers">The sum of the numbers in it: 0 where every event of a script was counted.</param>
    /// <exception cref="BenchmarkException">It is an error.</exception>
    public static bool TryMeasure(ReadOnlySpan<byte> data, out int length, out long numbers)
    {
        (length, numbers) = (0, 0);
        for (var left = 1L; left > 0; left--)
        {
            var line = data[length..].IndexOf("\r\n"u8);
            if (line < 0)
            {
                return false;
            }

            var text = data.Slice(length, line);
            length += line + 2;
            switch (text[0])
            {
                case (byte)'*':
                    left += Number(text);
                    break;
                case (byte)':':
                    numbers += Number(text);
                    break;
                case (byte)'$' when Number(text) is >= 0 and var size:
                    length += (int)size + 2;
                    break;
                case (byte)'-':
                    throw new BenchmarkException($"Redis refused: {Encoding.ASCII.GetString(text)}");
            }

            if (length > data.Length)
            {
                return false;
            }
        }

        return true;
    }

    private static long Number(ReadOnlySpan<byte> line) => Utf8Parser.TryParse(line[1..], out long number, out _) ? number : 0;
}
