using System.Security.Cryptography;

namespace SpamGuard.Feedback;

/// <summary>Random bytes for what is public and must not come twice: nonces and ids. No keys.</summary>
/// <remarks>Taken from the system's generator many at a time, for it costs .7 us to ask it, however little is asked for. A stock per thread.</remarks>
internal static class RandomStock
{
    private const int Size = 1024;

    [ThreadStatic]
    private static byte[]? _stock;

    [ThreadStatic]
    private static int _left;

    /// <summary>Fills at most a stock's size; no byte is handed out twice.</summary>
    public static void Fill(Span<byte> destination)
    {
        var stock = _stock ??= new byte[Size];
        if (_left < destination.Length)
        {
            RandomNumberGenerator.Fill(stock);
            _left = Size;
        }

        var taken = stock.AsSpan(_left - destination.Length, destination.Length);
        taken.CopyTo(destination);
        taken.Clear();
        _left -= destination.Length;
    }
}
