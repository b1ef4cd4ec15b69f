using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SpamGuard.Epochs;

/// <summary>The peppers that this process knows, newest first: 256-bit secrets that are never in the store. Thread-safe.</summary>
internal sealed class PepperRing : IDisposable
{
    /// <summary>Length of a pepper in bytes.</summary>
    public const int PepperSize = 32;

    private readonly Lock _changing = new();
    private (ulong Id, byte[] Pepper)[] _peppers = [];
    private bool _disposed;

    /// <summary>Takes over peppers, as <see cref="Replace"/> does.</summary>
    public PepperRing(params IReadOnlyList<byte[]> peppers) => Replace(peppers);

    /// <summary>The id of the pepper that new epochs use.</summary>
    public ulong NewestId
    {
        get
        {
            lock (_changing)
            {
                return _peppers[0].Id;
            }
        }
    }

    /// <summary>The ids of all, newest first.</summary>
    public IReadOnlyList<ulong> Ids
    {
        get
        {
            lock (_changing)
            {
                return [.. _peppers.Select(static known => known.Id)];
            }
        }
    }

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_changing)
            {
                return _peppers.Length;
            }
        }
    }

    /// <summary>A pepper for this run only: what it hashed can't be recognised after a restart.</summary>
    public static PepperRing ForThisRun() => new(RandomNumberGenerator.GetBytes(PepperSize));

    /// <summary>A one-way name, so that the record of an epoch can say which pepper it needs and tell nothing about it.</summary>
    public static ulong Name(byte[] pepper) => BinaryPrimitives.ReadUInt64BigEndian(HMACSHA256.HashData(pepper, "pepper-id v1"u8));

    /// <summary>Takes over peppers of <see cref="PepperSize"/> bytes each, the newest first, and zeroes those that it had.</summary>
    public void Replace(IReadOnlyList<byte[]> peppers)
    {
        if (peppers.Count == 0 || peppers.Any(pepper => pepper.Length != PepperSize))
        {
            throw new ArgumentException($"A ring holds at least one pepper of {PepperSize} bytes.", nameof(peppers));
        }

        lock (_changing)
        {
            Zero();
            _peppers = [.. peppers.Select(pepper => (Name(pepper), pepper))];
        }
    }

    /// <summary>A copy of the pepper of an id, for the caller to zero; <c>null</c> where this process does not have it.</summary>
    public byte[]? Find(ulong id)
    {
        lock (_changing)
        {
            foreach (var (known, pepper) in _peppers)
            {
                if (known == id && !_disposed)
                {
                    return [.. pepper];
                }
            }

            return null;
        }
    }

    /// <summary>Zeroes all; none is found from here on. The ids stay: whoever makes a salt at the very end names a pepper that others have.</summary>
    public void Dispose()
    {
        lock (_changing)
        {
            Zero();
            _disposed = true;
        }
    }

    private void Zero()
    {
        foreach (var (_, pepper) in _peppers)
        {
            CryptographicOperations.ZeroMemory(pepper);
        }
    }
}
