using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using SpamGuard.Addresses;
using SpamGuard.Feedback;
using SpamGuard.Policies;
using SpamGuard.Scoring;
using Wire = SpamGuard.V1;

namespace SpamGuard.Server.Grpc;

/// <summary>Reads one request: hands out the parts that can be taken, and collects what is wrong with the others.</summary>
/// <remarks>Call <see cref="ThrowIfBad"/> or look at <see cref="Fault"/> before any part is used: until then a part may be a placeholder.</remarks>
/// <param name="place">The request's place in its batch, which the names of its fields begin with; <c>null</c> for one that stands alone.</param>
internal struct RequestMapper(int? place)
{
    /// <summary>How many requests a batch may have.</summary>
    public const int MaxBatch = 256;

    private List<BadRequest.Types.FieldViolation>? _violations;

    /// <summary>Everything that is wrong; <c>null</c> where nothing is.</summary>
    public readonly Google.Rpc.Status? Fault => _violations is null ? null : Errors.BadRequest(_violations);

    /// <summary>Where the fields of a request are in the batch that holds it.</summary>
    public static string Path(int place) => string.Create(CultureInfo.InvariantCulture, $"requests[{place}].");

    /// <summary>Reads a required event.</summary>
    public SpamEvent Event(Wire.Event? source) => Event(source, Violations.EventRequired);

    /// <summary>Reads an event where a decision token would have done as well.</summary>
    public SpamEvent Target(Wire.Event? source) => Event(source, Violations.TargetRequired);

    /// <summary>Reads a required address, of which one form at most is there.</summary>
    /// <param name="path">Where its fields are: empty, or as in <c>event.</c>.</param>
    /// <param name="text">As text, or empty.</param>
    /// <param name="bytes">As bytes, or empty.</param>
    public ClientAddress Address(string path, string text, ByteString bytes)
    {
        ClientAddress address;
        if (text.Length > 0)
        {
            return ClientAddress.TryParse(text, out address) ? Usable(path + "address", address) : Refused(Violations.AddressMalformed(path + "address"));
        }

        if (bytes.Length > 0)
        {
            return ClientAddress.TryFromBytes(bytes.Span, out address)
                ? Usable(path + "address_bytes", address)
                : Refused(Violations.AddressBytesLength(path + "address_bytes"));
        }

        return Refused(Violations.AddressRequired(path + "address"));
    }

    /// <summary>Looks at why somebody may ask about an address. What a decision token shows is found out by opening it.</summary>
    public void Proof(string decisionToken, string attestation)
    {
        if (decisionToken.Length > 0)
        {
            return;
        }

        WrittenDown("attestation", attestation, Violations.ProofRequired);
    }

    /// <summary>Looks at a text that will be written down: why something is done.</summary>
    /// <param name="field">Where it is.</param>
    /// <param name="text">The text: there must be one.</param>
    /// <param name="missing">What is wrong where there is none.</param>
    public void WrittenDown(string field, string text, Func<BadRequest.Types.FieldViolation> missing)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            Add(missing());
        }
        else if (WrittenText.Fault(field, text) is { } fault)
        {
            Add(fault);
        }
    }

    /// <summary>Looks at how many requests a batch has.</summary>
    public void BatchSize(int requests)
    {
        if (requests is < 1 or > MaxBatch)
        {
            Add(Violations.BatchSize(MaxBatch));
        }
    }

    /// <summary>Reads an optional request id.</summary>
    public Guid? RequestId(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (!Guid.TryParseExact(text, "D", out var id) || id == Guid.Empty)
        {
            Add(Violations.RequestIdMalformed());
        }

        return id;
    }

    /// <summary>Reads a required decision token; whether it is one is found out by opening it.</summary>
    public string DecisionToken(string token)
    {
        if (token.Length == 0)
        {
            Add(Violations.DecisionTokenRequired());
        }

        return token;
    }

    /// <summary>Reads a required label.</summary>
    public OutcomeLabel Label(Wire.OutcomeLabel label)
    {
        switch (label)
        {
            case Wire.OutcomeLabel.Legitimate:
                return OutcomeLabel.Legitimate;
            case Wire.OutcomeLabel.Spam:
                return OutcomeLabel.Spam;
            case Wire.OutcomeLabel.ChallengePassed:
                return OutcomeLabel.ChallengePassed;
            case Wire.OutcomeLabel.ChallengeFailed:
                return OutcomeLabel.ChallengeFailed;
            default:
                Add(label == Wire.OutcomeLabel.Unspecified ? Violations.LabelRequired() : Violations.LabelUnknown());
                return default;
        }
    }

    /// <summary>Reads an optional digest.</summary>
    public ReadOnlyMemory<byte> Digest(string field, string text)
    {
        if (text.Length == 0)
        {
            return default;
        }

        if (Encoding.UTF8.GetByteCount(text) > SpamEvent.MaxDigestBytes)
        {
            Add(Violations.DigestTooLong(field));
            return default;
        }

        return Encoding.UTF8.GetBytes(text);
    }

    /// <summary>Fails with everything that is wrong, if anything is.</summary>
    public readonly void ThrowIfBad()
    {
        if (Fault is { } fault)
        {
            throw fault.ToRpcException();
        }
    }

    /// <summary>Something is wrong.</summary>
    public void Add(BadRequest.Types.FieldViolation violation)
    {
        if (place is { } index)
        {
            violation.Field = Path(index) + violation.Field;
        }

        (_violations ??= []).Add(violation);
    }

    private SpamEvent Event(Wire.Event? source, Func<BadRequest.Types.FieldViolation> missing)
    {
        if (source is null)
        {
            Add(missing());
            return new SpamEvent(default, default, default, default);
        }

        return new SpamEvent(
            Kind(source.Kind), Address("event.", source.Address, source.AddressBytes), Digest("event.account", source.Account), Digest("event.content", source.Content));
    }

    private EventKind Kind(Wire.EventKind kind)
    {
        switch (kind)
        {
            case Wire.EventKind.SignUp:
                return EventKind.SignUp;
            case Wire.EventKind.Message:
                return EventKind.Message;
            default:
                Add(kind == Wire.EventKind.Unspecified ? Violations.KindRequired() : Violations.KindUnknown());
                return default;
        }
    }

    private ClientAddress Usable(string field, ClientAddress address) =>
        address.Scope == AddressScope.Unusable ? Refused(Violations.UnusableAddress(field)) : address;

    private ClientAddress Refused(BadRequest.Types.FieldViolation violation)
    {
        Add(violation);
        return default;
    }
}
