using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using SpamGuard.V1;

namespace SpamGuard.AspNetCore.Challenges;

/// <summary>Seals what a challenge form carries, and opens it when it comes back.</summary>
/// <remarks>
/// Sealed by data protection, so that every instance with the same keys opens it: <c>kind 1 ‖ unix second 8 ‖ id 16 ‖ address 16 ‖ decision token</c>, the address as the first half of
/// HMAC-SHA-256 under the random id, of the IPv4 address or the /64 that SpamGuard counts by.
/// </remarks>
internal sealed class ChallengeStates(IDataProtectionProvider protection, IOptions<SpamGuardChecksOptions> options, TimeProvider time)
{
    private const int MaxLength = 8192;
    private const int AddressSize = 16;
    private const int HeadSize = 1 + sizeof(long) + 16 + AddressSize;

    private readonly IDataProtector _protector = protection.CreateProtector("SpamGuard.AspNetCore", "ChallengeState", "v1");

    /// <summary>A new challenge for a request that was checked.</summary>
    public (string Id, string State) Seal(SpamGuardCheck check)
    {
        var (id, token) = (Guid.NewGuid(), check.DecisionToken ?? string.Empty);
        var plain = new byte[HeadSize + Encoding.UTF8.GetByteCount(token)];
        plain[0] = (byte)check.Kind;
        BinaryPrimitives.WriteInt64LittleEndian(plain.AsSpan(1), time.GetUtcNow().ToUnixTimeSeconds());
        _ = id.TryWriteBytes(plain.AsSpan(9));
        Digest(id, check.Address).CopyTo(plain.AsSpan(25));
        Encoding.UTF8.GetBytes(token, plain.AsSpan(HeadSize));
        return (IssuedChallenge.Text(id), Base64Url.EncodeToString(_protector.Protect(plain)));
    }

    /// <summary>Opens a state.</summary>
    /// <returns><c>null</c> where it is none of ours, too old, of another kind of event or from another address.</returns>
    public IssuedChallenge? Open(string state, EventKind kind, IPAddress? address)
    {
        if (state.Length > MaxLength || !Base64Url.IsValid(state))
        {
            return null;
        }

        byte[] plain;
        try
        {
            plain = _protector.Unprotect(Base64Url.DecodeFromChars(state));
        }
        catch (CryptographicException)
        {
            return null;
        }

        var age = time.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64LittleEndian(plain.AsSpan(1)));
        var id = new Guid(plain.AsSpan(9, 16));
        return plain[0] == (byte)kind && age <= options.Value.ChallengeLifetime && plain.AsSpan(25, AddressSize).SequenceEqual(Digest(id, address))
            ? new IssuedChallenge(id, plain.Length == HeadSize ? null : Encoding.UTF8.GetString(plain.AsSpan(HeadSize)))
            : null;
    }

    private static ReadOnlySpan<byte> Digest(Guid id, IPAddress? address)
    {
        address = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        Span<byte> bytes = stackalloc byte[16];
        var length = 0;
        _ = address?.TryWriteBytes(bytes, out length);
        length = address?.AddressFamily == AddressFamily.InterNetworkV6 ? 8 : length;
        return HMACSHA256.HashData(id.ToByteArray(), bytes[..length]).AsSpan(0, AddressSize);
    }
}
