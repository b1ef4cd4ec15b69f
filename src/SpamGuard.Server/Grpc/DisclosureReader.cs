using System.Buffers;
using System.Text;
using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using SpamGuard.Addresses;
using SpamGuard.Desk.Disclosures;
using SpamGuard.V1;
using DisclosureState = SpamGuard.Desk.Disclosures.DisclosureState;
using Wire = SpamGuard.V1;

namespace SpamGuard.Server.Grpc;

/// <summary>Reads one request about an order: hands out the parts that can be taken, and collects what is wrong with the others.</summary>
/// <remarks>Call <see cref="ThrowIfBad"/> before any part is used: until then a part may be a placeholder.</remarks>
internal sealed class DisclosureReader
{
    /// <summary>How long a reference, or the name of an authority, may be, in bytes of UTF-8.</summary>
    public const int MaxNameBytes = 256;

    private const int IdDigits = 16;
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");
    private static readonly long Earliest = DateTimeOffset.MinValue.ToUnixTimeSeconds();
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    private readonly List<BadRequest.Types.FieldViolation> _violations = [];

    /// <summary>What an order says of itself.</summary>
    public OrderFacts Facts(DisclosureServiceOpenRequest request, DateTimeOffset now)
    {
        var facts = new OrderFacts(
            request.Country,
            Choice<Wire.AuthorityType, Desk.Disclosures.AuthorityType>("authority_type", request.AuthorityType),
            Choice<Wire.LegalProcess, Desk.Disclosures.LegalProcess>("legal_process", request.LegalProcess),
            Choice<Wire.DisclosureCategory, Desk.Disclosures.DisclosureCategory>("category", request.Category),
            request.ValidUntil is { } end ? Time(end) : DateTimeOffset.MaxValue,
            request.WithholdUntil is { } silence ? Time(silence) : null);
        var isMissing = request.ValidUntil is null;
        if (isMissing)
        {
            _violations.Add(DisclosureViolations.ValidUntilRequired());
        }

        if (request.Category == Wire.DisclosureCategory.Other)
        {
            return facts; // refused for that, whatever else is wrong with it
        }

        _violations.AddRange(facts.FaultsAt(now).Where(fault => !isMissing || fault != OrderFault.ValidityTooLong).Select(DisclosureViolations.Of));
        return facts;
    }

    /// <summary>A required text, which only its commitment is kept of.</summary>
    public string Name(string field, string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            _violations.Add(DisclosureViolations.Required(field));
        }
        else if (Encoding.UTF8.GetByteCount(text) > MaxNameBytes)
        {
            _violations.Add(DisclosureViolations.TooLong(field, MaxNameBytes));
        }

        return text;
    }

    /// <summary>The addresses of an order.</summary>
    public IReadOnlyList<ClientAddress> Addresses(RepeatedField<string> texts)
    {
        if (texts.Count is < 1 or > DisclosureGate.MostAddresses)
        {
            _violations.Add(DisclosureViolations.AddressCount(DisclosureGate.MostAddresses));
            return [];
        }

        var addresses = new List<ClientAddress>(texts.Count);
        foreach (var (place, text) in texts.Index())
        {
            if (!ClientAddress.TryParse(text, out var address))
            {
                _violations.Add(Violations.AddressMalformed(DisclosureViolations.Address(place)));
            }
            else if (address.Scope == AddressScope.Unusable)
            {
                _violations.Add(Violations.UnusableAddress(DisclosureViolations.Address(place)));
            }

            addresses.Add(address);
        }

        return addresses;
    }

    /// <summary>The name of a disclosure.</summary>
    public string Id(string text)
    {
        if (text.Length != IdDigits || text.AsSpan().ContainsAnyExcept(Digits))
        {
            _violations.Add(DisclosureViolations.IdMalformed());
        }

        return text;
    }

    /// <summary>The key of an order; <c>null</c> where it is none.</summary>
    public OrderKey? Key(string text)
    {
        var key = OrderKey.Read(text);
        if (key is null)
        {
            _violations.Add(DisclosureViolations.KeyMalformed());
        }

        return key;
    }

    /// <summary>What is decided: whether it is approved.</summary>
    public bool IsApproval(DisclosureDecision decision)
    {
        if (decision is not (DisclosureDecision.Approve or DisclosureDecision.Reject))
        {
            _violations.Add(Chosen<DisclosureDecision>("decision", isMissing: decision == DisclosureDecision.Unspecified));
        }

        return decision == DisclosureDecision.Approve;
    }

    /// <summary>A rejection needs neither reference nor key; but a reason of one that came without them could hold them unseen.</summary>
    /// <returns>The key; <c>null</c> where there is no reason.</returns>
    public OrderKey? KeyOfReason(string reason, string reference, string key)
    {
        if (reason.Length == 0)
        {
            return null;
        }

        if (reference.Length > 0 && key.Length > 0)
        {
            return Key(key);
        }

        _violations.Add(DisclosureViolations.ReasonWithoutOrder());
        return null;
    }

    /// <summary>Why it is decided so. It is written down, so nothing may stand in it that the ledger must not hold.</summary>
    public string Reason(string text, string reference, string key)
    {
        if (WrittenText.Fault("reason", text) is { } fault)
        {
            _violations.Add(fault);
        }
        else if (WrittenText.HoldsKey(text, key))
        {
            _violations.Add(DisclosureViolations.ReasonHoldsKey());
        }
        else if (WrittenText.HoldsReference(text, reference))
        {
            _violations.Add(DisclosureViolations.ReasonHoldsReference());
        }

        return text.Trim();
    }

    /// <summary>The state to list; <c>null</c> for all.</summary>
    public DisclosureState? State(Wire.DisclosureState state) =>
        state == Wire.DisclosureState.Unspecified ? null : Choice<Wire.DisclosureState, DisclosureState>("state", state);

    /// <summary>How many to list at once.</summary>
    public int PageSize(int size)
    {
        if (size < 0)
        {
            _violations.Add(DisclosureViolations.PageSize());
        }

        return size == 0 ? DisclosurePage.DefaultSize : Math.Min(size, DisclosurePage.MostSize);
    }

    /// <summary>Below which entry to list.</summary>
    public long PageToken(string token, DisclosureState? state)
    {
        if (token.Length == 0)
        {
            return long.MaxValue;
        }

        if (DisclosurePage.Read(token, state) is { } seq)
        {
            return seq;
        }

        _violations.Add(DisclosureViolations.PageToken());
        return default;
    }

    /// <summary>Fails with everything that is wrong, if anything is.</summary>
    public void ThrowIfBad()
    {
        if (_violations.Count > 0)
        {
            throw DisclosureErrors.Bad(_violations);
        }
    }

    // To the second: that is what the ledger writes, and what is compared must be what is written. A year that no calendar here has is as far as it goes.
    private static DateTimeOffset Time(Timestamp time) => DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(time.Seconds, Earliest, Latest));

    private static BadRequest.Types.FieldViolation Chosen<TWire>(string field, bool isMissing)
        where TWire : struct, System.Enum
    {
        var names = DisclosureServiceReflection.Descriptor.FindTypeByName<EnumDescriptor>(typeof(TWire).Name).Values.Skip(1).Select(static value => value.Name);
        return DisclosureViolations.Choice(field, isMissing, string.Join(", ", names));
    }

    // By name, which both have alike but for the one that is not said.
    private TOwn Choice<TWire, TOwn>(string field, TWire value)
        where TWire : struct, System.Enum
        where TOwn : struct, System.Enum
    {
        if (System.Enum.IsDefined(value) && System.Enum.TryParse<TOwn>(value.ToString(), out var own))
        {
            return own;
        }

        _violations.Add(Chosen<TWire>(field, isMissing: EqualityComparer<TWire>.Default.Equals(value, default)));
        return default;
    }
}
