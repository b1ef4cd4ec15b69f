using System.Buffers.Binary;
using SpamGuard.Retention;

namespace SpamGuard.Addresses;

/// <summary>Turns subjects into tokens and member bits under the key of one epoch: a keyed hash, truncated.</summary>
internal sealed class AddressHasher : IDisposable
{
    /// <summary>Length of an epoch's key in bytes.</summary>
    public const int KeySize = 32;

    private const int HashSize = 32;
    private const byte MemberTag = (byte)'m';
    private const byte RequestTag = (byte)'q';
    private const byte EventTag = (byte)'e';

    private readonly IKeyedHash _hash;

    /// <summary>Takes over a key of <see cref="KeySize"/> bytes.</summary>
    /// <param name="key">The key; zeroed on <see cref="Dispose"/>.</param>
    /// <param name="hash">What hashes under it; <c>null</c> for HMAC-SHA-256.</param>
    public AddressHasher(byte[] key, KeyedHashSource? hash = null)
    {
        if (key.Length != KeySize)
        {
            throw new ArgumentException($"A key has {KeySize} bytes.", nameof(key));
        }

        _hash = hash is null ? new HmacHash(key) : hash(key);
    }

    /// <summary>The token of an address, a network or a region.</summary>
    public SubjectKey Key(SubjectKind level, ClientAddress address)
    {
        Span<byte> prefix = stackalloc byte[10];
        return Key(level, prefix[..address.WritePrefix(level, prefix)]);
    }

    /// <summary>The token of a subject given as bytes: a canonical prefix, or the digest of an account or a content.</summary>
    public SubjectKey Key(SubjectKind kind, ReadOnlySpan<byte> subject)
    {
        Span<byte> hash = stackalloc byte[HashSize];
        _hash.Hash((byte)kind.Letter(), subject, hash);
        return new SubjectKey(kind, new SubjectToken(hash));
    }

    /// <summary>The bits that stand for an address as a member of other records.</summary>
    public MemberBits Members(ClientAddress address)
    {
        Span<byte> prefix = stackalloc byte[11];
        prefix[0] = (byte)SubjectKind.Address.Letter();
        var length = address.WritePrefix(SubjectKind.Address, prefix[1..]);
        return Members(prefix[..(length + 1)]);
    }

    /// <summary>The bits that stand for a person as a member of other records: an account, or who reported where no account is known.</summary>
    public MemberBits Members(ReadOnlyMemory<byte> person)
    {
        Span<byte> tagged = stackalloc byte[1 + 256];
        tagged[0] = (byte)SubjectKind.Account.Letter();
        person.Span.CopyTo(tagged[1..]);
        return Members(tagged[..(person.Length + 1)]);
    }

    /// <summary>Names one caller's request: the end of its replay key.</summary>
    public SubjectToken Request(ReadOnlySpan<byte> callerAndRequest)
    {
        Span<byte> hash = stackalloc byte[HashSize];
        _hash.Hash(RequestTag, callerAndRequest, hash);
        return new SubjectToken(hash);
    }

    /// <summary>Identifies the content of an event: tells a retry from another event under the same request id.</summary>
    public ulong Fingerprint(ReadOnlySpan<byte> eventBytes)
    {
        Span<byte> hash = stackalloc byte[HashSize];
        _hash.Hash(EventTag, eventBytes, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    /// <summary>Zeroes the key. No thread may be hashing any more.</summary>
    public void Dispose() => _hash.Dispose();

    private MemberBits Members(ReadOnlySpan<byte> member)
    {
        Span<byte> hash = stackalloc byte[HashSize];
        _hash.Hash(MemberTag, member, hash);
        return new MemberBits(BinaryPrimitives.ReadUInt64LittleEndian(hash));
    }
}
