using System.Globalization;
using Google.Rpc;
using SpamGuard.Desk.Disclosures;

namespace SpamGuard.Server.Grpc;

/// <summary>What can be wrong with a field of a request about an order; as <see cref="Violations"/>, never with what was sent.</summary>
internal static class DisclosureViolations
{
    /// <summary>The name of one of the addresses.</summary>
    public static string Address(int place) => string.Create(CultureInfo.InvariantCulture, $"addresses[{place}]");

    /// <summary>Nothing where something must be.</summary>
    public static BadRequest.Types.FieldViolation Required(string field) => Violations.Of(field, Reason(field, "REQUIRED"), $"Set {field}.");

    /// <summary>A text that is too long.</summary>
    public static BadRequest.Types.FieldViolation TooLong(string field, int most) =>
        Violations.Of(field, Reason(field, "TOO_LONG"), string.Create(CultureInfo.InvariantCulture, $"Send at most {most} bytes of UTF-8."));

    /// <summary>None of the values that there are.</summary>
    public static BadRequest.Types.FieldViolation Choice(string field, bool isMissing, string names) => isMissing
        ? Violations.Of(field, Reason(field, "REQUIRED"), $"Set {field} to one of {names}.")
        : Violations.Of(field, Reason(field, "UNKNOWN"), $"Set {field} to one of {names}: this server knows no other.");

    /// <summary>No end.</summary>
    public static BadRequest.Types.FieldViolation ValidUntilRequired() =>
        Violations.Of("valid_until", "VALID_UNTIL_REQUIRED", $"Set valid_until to the time at which the order ends: in the future, and at most {Days(OrderFacts.LongestValidity)} days ahead.");

    /// <summary>What of an order can't be taken.</summary>
    public static BadRequest.Types.FieldViolation Of(OrderFault fault) => fault switch
    {
        OrderFault.CountryUnknown => Violations.Of("country", "COUNTRY_UNKNOWN", "Set country to a code of ISO 3166-1 of two capital letters, such as DE."),
        OrderFault.ValidityOver => Violations.Of("valid_until", "VALID_UNTIL_PAST", "Send an order that is valid still: a time in the future."),
        OrderFault.ValidityTooLong => Violations.Of(
            "valid_until",
            "VALID_UNTIL_TOO_FAR",
            $"Send a time that is at most {Days(OrderFacts.LongestValidity)} days ahead: nothing that is held now is held for longer, and nothing is kept for an order."),
        OrderFault.WithholdingOver => Violations.Of("withhold_until", "WITHHOLD_UNTIL_PAST", "Send a time in the future, or leave withhold_until out."),
        OrderFault.WithholdingTooLong => Violations.Of(
            "withhold_until", "WITHHOLD_UNTIL_TOO_FAR", $"Send a time that is at most {Days(OrderFacts.LongestWithholding)} days ahead."),
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, message: null),
    };

    /// <summary>No addresses, or too many.</summary>
    public static BadRequest.Types.FieldViolation AddressCount(int most) =>
        Violations.Of("addresses", "ADDRESS_COUNT", string.Create(CultureInfo.InvariantCulture, $"Send 1 to {most} addresses."));

    /// <summary>An address that is not of the order.</summary>
    public static BadRequest.Types.FieldViolation AddressNotInOrder(int place) =>
        Violations.Of(Address(place), "ADDRESS_NOT_IN_ORDER", "Send the addresses that the order names, and no other.");

    /// <summary>Addresses of the order that were not sent.</summary>
    public static BadRequest.Types.FieldViolation AddressesMissing(int missing) => Violations.Of(
        "addresses", "ADDRESSES_MISSING", string.Create(CultureInfo.InvariantCulture, $"Send all addresses that the order names: {missing} of them are missing."));

    /// <summary>What does not fit in an error.</summary>
    public static BadRequest.Types.FieldViolation More(int more) => Violations.Of(
        "addresses", "MORE_VIOLATIONS", string.Create(CultureInfo.InvariantCulture, $"Mend these first: {more} more violations are not listed."));

    /// <summary>Another reference.</summary>
    public static BadRequest.Types.FieldViolation ReferenceDiffers() =>
        Violations.Of("order_reference", "ORDER_REFERENCE_DIFFERS", "Send the reference of the order exactly as it was opened, byte for byte.");

    /// <summary>What names no disclosure.</summary>
    public static BadRequest.Types.FieldViolation IdMalformed() =>
        Violations.Of("disclosure_id", "DISCLOSURE_ID_MALFORMED", "Send the disclosure_id that Open answered: 16 hexadecimal digits in lower case.");

    /// <summary>What is no key.</summary>
    public static BadRequest.Types.FieldViolation KeyMalformed() =>
        Violations.Of("order_key", "ORDER_KEY_MALFORMED", "Send the order_key that Open answered: 43 characters of base64url.");

    /// <summary>A reason that would keep the key, or a good part of it.</summary>
    public static BadRequest.Types.FieldViolation ReasonHoldsKey() =>
        Violations.Of("reason", "REASON_HOLDS_ORDER_KEY", "Leave the key of the order out of reason, whole and in part: it is written down.");

    /// <summary>A rejection has a reason, and not what can't stand in it.</summary>
    public static BadRequest.Types.FieldViolation ReasonWithoutOrder() => Violations.Of(
        "reason", "REASON_WITHOUT_ORDER", "Send order_reference and order_key with a reason, so that neither is written down in it; or reject without a reason.");

    /// <summary>The reason has the order's reference in it.</summary>
    public static BadRequest.Types.FieldViolation ReasonHoldsReference() =>
        Violations.Of("reason", "REASON_HOLDS_REFERENCE", "Leave the reference of the order out of reason: it is written down.");

    /// <summary>A negative size.</summary>
    public static BadRequest.Types.FieldViolation PageSize() =>
        Violations.Of("page_size", "PAGE_SIZE_NEGATIVE", string.Create(CultureInfo.InvariantCulture, $"Send 0 for {DisclosurePage.DefaultSize} at once, or 1 to {DisclosurePage.MostSize}."));

    /// <summary>What continues nothing.</summary>
    public static BadRequest.Types.FieldViolation PageToken() =>
        Violations.Of("page_token", "PAGE_TOKEN_INVALID", "Send the next_page_token of the page before with the same state, or nothing for the first page.");

    private static string Days(TimeSpan span) => span.TotalDays.ToString(CultureInfo.InvariantCulture);

    private static string Reason(string field, string what) => $"{field.ToUpperInvariant()}_{what}";
}
