using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using SpamGuard.Addresses;
using SpamGuard.Epochs;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Benchmarks.Reidentification;

/// <summary>
/// Tries every address of a block against the tokens of a dump, with what is held, and random bytes in place of what is not. The tokens are made by
/// the service's own code, so that what is measured is what a thief has to pay.
/// </summary>
internal sealed class BruteForce : IDisposable
{
    private const uint Block = 10u << 24; // private addresses: nobody's

    private readonly byte[] _pepper = RandomNumberGenerator.GetBytes(PepperRing.PepperSize);
    private readonly EpochSecret _epoch;
    private readonly HashSet<SubjectToken> _dump;

    /// <summary>Plants addresses in a block.</summary>
    /// <param name="bits">The block has 2 to the power of so many addresses: 8 to 24.</param>
    /// <param name="planted">How many of them the dump has a record of.</param>
    public BruteForce(int bits, int planted)
    {
        Size = 1 << bits;
        _epoch = Secret(RandomNumberGenerator.GetBytes(EpochRecord.SaltSize), _pepper);
        _dump = [];
        while (_dump.Count < planted)
        {
            _dump.Add(Token(_epoch, (uint)RandomNumberGenerator.GetInt32(Size)));
        }
    }

    /// <summary>Addresses in the block.</summary>
    public int Size { get; }

    /// <summary>Addresses in the dump.</summary>
    public int Planted => _dump.Count;

    /// <summary>Goes over the whole block on one thread.</summary>
    /// <returns>How many records of the dump got an address, and the processor time that it took.</returns>
    public (int Found, TimeSpan Processor) Try(Holding holding, CancellationToken cancellationToken)
    {
        var salt = holding.HasSalt ? _epoch.ToRecord().Salt : RandomNumberGenerator.GetBytes(EpochRecord.SaltSize);
        using var guess = Secret(salt, holding.HasPepper ? _pepper : RandomNumberGenerator.GetBytes(PepperRing.PepperSize));
        var (found, began) = (0, Environment.CpuUsage.TotalTime);
        for (uint i = 0; i < Size; i++)
        {
            if ((i & 0xFFFF) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (_dump.Contains(Token(guess, i)))
            {
                found++;
            }
        }

        return (found, Environment.CpuUsage.TotalTime - began);
    }

    /// <summary>
    /// What nobody can do without who tries addresses on one core: two blocks of SHA-256 each (RFC 2104, the key's two states prepared), at the speed
    /// of a long text, where calls cost nothing.
    /// </summary>
    public static TimeSpan TwoBlocks(int addresses)
    {
        const int blockSize = 64;
        const int perCall = 4096;
        var text = new byte[perCall * blockSize];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var began = Environment.CpuUsage.TotalTime;
        for (var blocks = 0L; blocks < 2L * addresses; blocks += perCall)
        {
            SHA256.HashData(text, hash);
        }

        return Environment.CpuUsage.TotalTime - began;
    }

    public void Dispose() => _epoch.Dispose();

    private static EpochSecret Secret(byte[] salt, byte[] pepper) =>
        new(new EpochId(RetentionClass.Address, 1), new EpochRecord(Generation: 1, PepperId: 0, salt), pepper, hash: null);

    private static SubjectToken Token(EpochSecret epoch, uint index)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Block | index);
        return ClientAddress.TryFromBytes(bytes, out var address)
            ? epoch.Hasher.Key(SubjectKind.Address, address).Token
            : throw new UnreachableException("Four bytes are an address.");
    }
}
