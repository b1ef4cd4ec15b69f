using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Google.Protobuf;
using SpamGuard.V1;

namespace SpamGuard.Client;

/// <summary>One sign-up or one message, about to be accepted: make one for each. Its text form holds no address.</summary>
public sealed class SpamGuardEvent
{
    /// <summary>The longest digest of an account, a content or a reporter, in bytes of UTF-8.</summary>
    public const int MaxDigestBytes = 256;

    private readonly IPAddress _address;

    /// <summary>An event.</summary>
    /// <param name="kind">What is about to be accepted.</param>
    /// <param name="address">Where it comes from: the client's own address, not a proxy's. It is sent to the service and kept nowhere.</param>
    /// <param name="account">An opaque digest of the account that acts, where there is one; never a name or a mail address in the clear. Up to <see cref="MaxDigestBytes"/>.</param>
    /// <param name="content">An opaque digest of the content, where there is one. Up to <see cref="MaxDigestBytes"/>; a sign-up's is ignored.</param>
    /// <exception cref="ArgumentException">The kind is none, the address is no IP address, or a digest is too long.</exception>
    public SpamGuardEvent(EventKind kind, IPAddress address, string? account = null, string? content = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (kind is not (EventKind.SignUp or EventKind.Message))
        {
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "Allowed are SignUp and Message.");
        }

        if (address.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6))
        {
            throw new ArgumentException("Allowed are addresses of IPv4 and IPv6.", nameof(address));
        }

        Kind = kind;
        _address = address;
        Account = Digest(account, nameof(account));
        Content = Digest(content, nameof(content));
    }

    /// <summary>What is about to be accepted.</summary>
    public EventKind Kind { get; }

    /// <summary>An opaque digest of the account that acts; empty for none.</summary>
    public string Account { get; }

    /// <summary>An opaque digest of the content; empty for none.</summary>
    public string Content { get; }

    /// <summary>A new account.</summary>
    /// <param name="address">The client's own address, not a proxy's.</param>
    /// <param name="account">An opaque digest of the account that will be, where there is one.</param>
    /// <exception cref="ArgumentException">As the constructor says.</exception>
    public static SpamGuardEvent SignUp(IPAddress address, string? account = null) => new(EventKind.SignUp, address, account);

    /// <summary>A message.</summary>
    /// <param name="address">The client's own address, not a proxy's.</param>
    /// <param name="account">An opaque digest of the account that sends it, where there is one.</param>
    /// <param name="content">An opaque digest of what it says, where there is one.</param>
    /// <exception cref="ArgumentException">As the constructor says.</exception>
    public static SpamGuardEvent Message(IPAddress address, string? account = null, string? content = null) => new(EventKind.Message, address, account, content);

    /// <summary>Names this event to the service. The same object scored again within a minute, or reported again with the same label within 3.5 days, is a retry and counts nothing.</summary>
    public Guid RequestId { get; } = Guid.NewGuid();

    /// <summary>The kind and nothing else.</summary>
    public override string ToString() => $"{nameof(SpamGuardEvent)} {Kind}";

    /// <summary>As it goes to the service.</summary>
    internal Event ToProto() => new() { Kind = Kind, AddressBytes = Bytes(_address), Account = Account, Content = Content };

    /// <summary>Names a report of it: another label is another report.</summary>
    internal Guid ReportId(OutcomeLabel label)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = RequestId.TryWriteBytes(bytes);
        bytes[^1] ^= (byte)(0x10 + (int)label);
        return new Guid(bytes);
    }

    /// <summary>A digest as it may be sent; empty for none.</summary>
    /// <exception cref="ArgumentException">It is too long.</exception>
    internal static string Digest(string? digest, string name) => digest is null || Encoding.UTF8.GetByteCount(digest) <= MaxDigestBytes
        ? digest ?? string.Empty
        : throw new ArgumentException($"Allowed are {MaxDigestBytes} bytes of UTF-8 at most.", name);

    /// <summary>Looks at many before any of them is sent.</summary>
    /// <exception cref="ArgumentException">There are none at all, or one is <c>null</c>.</exception>
    internal static void ThrowIfAnyIsNull(IReadOnlyCollection<SpamGuardEvent> spamEvents, string name)
    {
        ArgumentNullException.ThrowIfNull(spamEvents, name);
        foreach (var (index, spamEvent) in spamEvents.Index())
        {
            if (spamEvent is null)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Found null at index {index}; allowed are events."), name);
            }
        }
    }

    // In bytes, so that the address is never a text in this process.
    private static ByteString Bytes(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out var written);
        return ByteString.CopyFrom(bytes[..written]);
    }
}
