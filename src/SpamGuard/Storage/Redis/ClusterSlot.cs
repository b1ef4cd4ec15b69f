namespace SpamGuard.Storage.Redis;

/// <summary>Which of a cluster's 16,384 slots a key lies in: CRC-16 (XMODEM) of what stands in its first braces.</summary>
internal static class ClusterSlot
{
    private const int Slots = 16_384;
    private const ushort Polynomial = 0x1021;

    private static readonly ushort[] Table = MakeTable();

    /// <summary>The slot of a key.</summary>
    public static int Of(ReadOnlySpan<byte> key)
    {
        var open = key.IndexOf((byte)'{');
        if (open >= 0)
        {
            var length = key[(open + 1)..].IndexOf((byte)'}');
            if (length > 0)
            {
                key = key.Slice(open + 1, length);
            }
        }

        ushort crc = 0;
        foreach (var value in key)
        {
            crc = (ushort)((crc << 8) ^ Table[(byte)((crc >> 8) ^ value)]);
        }

        return crc % Slots;
    }

    private static ushort[] MakeTable()
    {
        var table = new ushort[256];
        for (var value = 0; value < table.Length; value++)
        {
            var crc = (ushort)(value << 8);
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (ushort)((crc & 0x8000) != 0 ? (crc << 1) ^ Polynomial : crc << 1);
            }

            table[value] = crc;
        }

        return table;
    }
}
