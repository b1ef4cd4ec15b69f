using System.Buffers.Binary;
using System.Buffers.Text;
using NSec.Cryptography;
using SpamGuard.Addresses;
using SpamGuard.Epochs;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Feedback;

/// <summary>What a decision token turned out to be.</summary>
internal enum TokenState
{
    /// <summary>Ours, whole, and its epoch is alive.</summary>
    Valid,

    /// <summary>None of ours, or changed.</summary>
    Invalid,

    /// <summary>Of an epoch that is over: with its salt went its key, and the token is noise.</summary>
    Expired,
}

/// <summary>Seals decisions into tokens and opens them: XChaCha20-Poly1305 under a key of the address epoch.</summary>
/// <remarks>
/// base64url of: format 1 ‖ epoch number mod 256 ‖ nonce 24 ‖ ciphertext and tag. The first two bytes are associated data. A token is good for
/// at least 3.5 days and at most 7.
/// </remarks>
internal sealed class DecisionTokens(EpochKeeper epochs, LocalEpochs salts, EpochCalendar calendar, StoreClock clock)
{
    /// <summary>The longest token there is, in characters.</summary>
    public const int MaxLength = 4 * (HeaderSize + NonceSize + DecisionCodec.MaxSize + TagSize + 2) / 3;

    private const byte Format = 1;
    private const int HeaderSize = 2;
    private const int NonceSize = 24;
    private const int TagSize = 16;
    private static readonly AeadAlgorithm Aead = AeadAlgorithm.XChaCha20Poly1305;

    /// <summary>Identifies a decision whose call had no request id: no other has the same.</summary>
    public static SubjectToken RandomId()
    {
        Span<byte> bytes = stackalloc byte[SubjectToken.Size];
        RandomStock.Fill(bytes);
        return new SubjectToken(bytes);
    }

    /// <summary>Identifies a decision: the same for a call and its retries, so that reports by both tokens are one report.</summary>
    /// <param name="live">The epochs of the decision.</param>
    /// <param name="request">Names the caller's request.</param>
    /// <param name="time">Unix second of the decision: the request id may be used again after a minute.</param>
    public static SubjectToken Id(LiveEpochs live, SubjectToken request, long time)
    {
        Span<byte> bytes = stackalloc byte[SubjectToken.Size + sizeof(long)];
        request.Write(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[SubjectToken.Size..], time);
        return live.Current(RetentionClass.Address).Hasher.Request(bytes);
    }

    /// <summary>Seals a decision made in the given epochs.</summary>
    public static string Seal(Decision decision, LiveEpochs live)
    {
        var address = live.Current(RetentionClass.Address);
        Span<byte> plain = stackalloc byte[DecisionCodec.MaxSize];
        var length = DecisionCodec.Pack(decision, plain);
        Span<byte> token = stackalloc byte[HeaderSize + NonceSize + length + TagSize];
        token[0] = Format;
        token[1] = (byte)address.Id.Number;
        RandomStock.Fill(token.Slice(HeaderSize, NonceSize));
        Aead.Encrypt(
            address.Sealing, token.Slice(HeaderSize, NonceSize), token[..HeaderSize], plain[..length], token[(HeaderSize + NonceSize)..]);
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Opens a token.</summary>
    public TokenState Open(string token, out Decision? decision)
    {
        decision = null;
        if (token.Length > MaxLength || !Base64Url.IsValid(token, out var size) || size <= HeaderSize + NonceSize + TagSize)
        {
            return TokenState.Invalid;
        }

        Span<byte> bytes = stackalloc byte[size];
        Base64Url.DecodeFromChars(token, bytes);
        if (bytes[0] != Format)
        {
            return TokenState.Invalid;
        }

        var now = clock.Now;
        var shared = epochs.FindAddressEpoch(bytes[1], now);
        var own = salts.FindAddressEpoch(bytes[1], now);
        Span<byte> plain = stackalloc byte[size - HeaderSize - NonceSize - TagSize];
        if (Opens(shared, bytes, plain) || Opens(own, bytes, plain))
        {
            decision = DecisionCodec.Read(plain, calendar);
            return TokenState.Valid;
        }

        return shared is null && own is null ? TokenState.Expired : TokenState.Invalid;
    }

    private static bool Opens(EpochSecret? epoch, ReadOnlySpan<byte> token, Span<byte> plain) =>
        epoch is not null
        && Aead.Decrypt(epoch.Sealing, token.Slice(HeaderSize, NonceSize), token[..HeaderSize], token[(HeaderSize + NonceSize)..], plain);
}
