using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace SpamGuard.AspNetCore.Challenges;

/// <summary>Seals what a challenge form carries, and opens it when it comes back.</summary>
/// <remarks>
/// Sealed by data protection, so that every instance with the same keys opens it: <c>kind 1 ‖ unix second 8 ‖ id 16 ‖ decision id 16 ‖ event 16 ‖ decision token</c>, the event as the first half of
/// HMAC-SHA-256 under the random id, of the IPv4 address or the /64 that SpamGuard counts by, the account and the content.
/// </remarks>
internal sealed class ChallengeStates(IDataProtectionProvider protection, IOptions<SpamGuardChecksOptions> options, TimeProvider time)
{
    private const int MaxLength = 8192;
    private const int DigestSize = 16;
    private const int HeadSize = 1 + sizeof(long) + 16 + 16 + DigestSize;

    private readonly IDataProtector _protector = protection.CreateProtector("SpamGuard.AspNetCore", "ChallengeState", "v1");

    /// <summary>A new challenge for a request that was checked.</summary>
    /// <param name="check">The check.</param>
    /// <param name="decisionId">What was challenged before, and failed; <c>null</c> where this is the first.</param>
    public (string Id, string State) Seal(SpamGuardCheck check, Guid? decisionId)
    {
        var (id, token) = (Guid.NewGuid(), check.DecisionToken ?? string.Empty);
        var plain = new byte[HeadSize + Encoding.UTF8.GetByteCount(token)];
        plain[0] = (byte)check.Kind;
        BinaryPrimitives.WriteInt64LittleEndian(plain.AsSpan(1), time.GetUtcNow().ToUnixTimeSeconds());
        _ = id.TryWriteBytes(plain.AsSpan(9));
        _ = (decisionId ?? id).TryWriteBytes(plain.AsSpan(25));
        Digest(id, check).CopyTo(plain.AsSpan(41));
        Encoding.UTF8.GetBytes(token, plain.AsSpan(HeadSize));
        return (IssuedChallenge.Text(id), Base64Url.EncodeToString(_protector.Protect(plain)));
    }

    /// <summary>Opens a state.</summary>
    /// <param name="state">What came back.</param>
    /// <param name="check">The check of what it came with.</param>
    /// <returns><c>null</c> where it is none of ours, too old or another event's: of another kind, address, account or content.</returns>
    public IssuedChallenge? Open(string state, SpamGuardCheck check)
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
        return plain[0] == (byte)check.AskedKind && age <= options.Value.ChallengeLifetime && plain.AsSpan(41, DigestSize).SequenceEqual(Digest(id, check))
            ? new IssuedChallenge(id, new Guid(plain.AsSpan(25, 16)), plain.Length == HeadSize ? null : Encoding.UTF8.GetString(plain.AsSpan(HeadSize)))
            : null;
    }

    private static ReadOnlySpan<byte> Digest(Guid id, SpamGuardCheck check)
    {
        Span<byte> address = stackalloc byte[16];
        var length = 0;
        _ = check.Address?.TryWriteBytes(address, out length);
        length = check.Address?.AddressFamily == AddressFamily.InterNetworkV6 ? 8 : length;
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, id.ToByteArray());
        hash.AppendData([(byte)length]);
        hash.AppendData(address[..length]);
        hash.AppendData(Encoding.UTF8.GetBytes($"{check.Account?.Length} {check.Account}{check.Content}")); // the lengths tell where one ends
        return hash.GetHashAndReset().AsSpan(0, DigestSize);
    }
}
