using System.Globalization;
using Google.Rpc;
using SpamGuard.Desk.Transparency;

namespace SpamGuard.Server.Grpc;

/// <summary>What can be wrong with a field. Each description says what to send instead, and never what was sent but a month.</summary>
internal static class Violations
{
    /// <summary>A violation.</summary>
    public static BadRequest.Types.FieldViolation Of(string field, string reason, string description) =>
        new() { Field = field, Reason = reason, Description = description };

    /// <summary>A batch of none or of too many.</summary>
    public static BadRequest.Types.FieldViolation BatchSize(int most) =>
        Of("requests", "BATCH_SIZE", string.Create(CultureInfo.InvariantCulture, $"Send 1 to {most} requests in one batch."));

    /// <summary>No event.</summary>
    public static BadRequest.Types.FieldViolation EventRequired() =>
        Of("event", "EVENT_REQUIRED", "Set event: its kind and its address.");

    /// <summary>Neither an event nor a token.</summary>
    public static BadRequest.Types.FieldViolation TargetRequired() =>
        Of("target", "TARGET_REQUIRED", "Set decision_token to the token of an earlier answer, or event to its kind and address.");

    /// <summary>No kind.</summary>
    public static BadRequest.Types.FieldViolation KindRequired() =>
        Of("event.kind", "KIND_REQUIRED", "Set kind to EVENT_KIND_SIGN_UP or EVENT_KIND_MESSAGE.");

    /// <summary>A kind that this version does not know.</summary>
    public static BadRequest.Types.FieldViolation KindUnknown() =>
        Of("event.kind", "KIND_UNKNOWN", "Set kind to EVENT_KIND_SIGN_UP or EVENT_KIND_MESSAGE: this server knows no other.");

    /// <summary>No address.</summary>
    public static BadRequest.Types.FieldViolation AddressRequired(string field) =>
        Of(field, "ADDRESS_REQUIRED", "Set address to the client's IP address as text, or address_bytes to its 4 or 16 bytes.");

    /// <summary>Text that is no address.</summary>
    public static BadRequest.Types.FieldViolation AddressMalformed(string field) => Of(
        field, "ADDRESS_MALFORMED", "Write IPv4 as four decimal numbers without leading zeros, IPv6 as in RFC 4291; no port, brackets or zone id.");

    /// <summary>Bytes that are no address.</summary>
    public static BadRequest.Types.FieldViolation AddressBytesLength(string field) =>
        Of(field, "ADDRESS_BYTES_LENGTH", "Send 4 bytes for IPv4 or 16 bytes for IPv6, in network order.");

    /// <summary>An address that no event can come from.</summary>
    public static BadRequest.Types.FieldViolation UnusableAddress(string field) =>
        Of(field, "ADDRESS_UNUSABLE", "Send the address of the client: no event comes from an unspecified, broadcast or multicast address.");

    /// <summary>A digest that is too long.</summary>
    public static BadRequest.Types.FieldViolation DigestTooLong(string field) =>
        Of(field, "DIGEST_TOO_LONG", "Send a digest of at most 256 bytes of UTF-8, such as SHA-256 in hexadecimal.");

    /// <summary>A request id that is no UUID.</summary>
    public static BadRequest.Types.FieldViolation RequestIdMalformed() =>
        Of("request_id", "REQUEST_ID_MALFORMED", "Send a UUID of 36 characters that is not all zeros, or leave request_id empty.");

    /// <summary>No token.</summary>
    public static BadRequest.Types.FieldViolation DecisionTokenRequired() =>
        Of("decision_token", "DECISION_TOKEN_REQUIRED", "Set decision_token to the token of an earlier answer.");

    /// <summary>Neither a token nor an attestation.</summary>
    public static BadRequest.Types.FieldViolation ProofRequired() => Of(
        "proof",
        "PROOF_REQUIRED",
        "Set decision_token to the token of a decision of the last day on this address, or attestation to how the person was identified.");

    /// <summary>A token that says nothing of today.</summary>
    public static BadRequest.Types.FieldViolation DecisionTokenTooOld() => Of(
        "decision_token",
        "DECISION_TOKEN_TOO_OLD",
        "Send the token of a decision that is at most 24 hours old, or an attestation instead: addresses change hands.");

    /// <summary>A token of what was only looked at.</summary>
    public static BadRequest.Types.FieldViolation DecisionTokenOfAPreview() => Of(
        "decision_token",
        "DECISION_TOKEN_OF_A_PREVIEW",
        "Send the token of an event that was scored, or an attestation instead: a preview shows nobody at the address.");

    /// <summary>A token that says nothing of this address.</summary>
    public static BadRequest.Types.FieldViolation DecisionTokenOfAnotherAddress() => Of(
        "decision_token", "DECISION_TOKEN_OF_ANOTHER_ADDRESS", "Send the token of a decision on this very address, or an attestation instead.");

    /// <summary>Months that there is no report of.</summary>
    public static BadRequest.Types.FieldViolation PeriodUnknown(PeriodFault fault) =>
        Of(fault.Field, "PERIOD_UNKNOWN", $"Found {fault.Found}; allowed are {fault.Allowed}.");

    /// <summary>No label.</summary>
    public static BadRequest.Types.FieldViolation LabelRequired() => Of(
        "label", "LABEL_REQUIRED", "Set label to OUTCOME_LABEL_LEGITIMATE, OUTCOME_LABEL_SPAM, OUTCOME_LABEL_CHALLENGE_PASSED or OUTCOME_LABEL_CHALLENGE_FAILED.");

    /// <summary>A label that this version does not know.</summary>
    public static BadRequest.Types.FieldViolation LabelUnknown() => Of(
        "label",
        "LABEL_UNKNOWN",
        "Set label to one of OUTCOME_LABEL_LEGITIMATE, OUTCOME_LABEL_SPAM, OUTCOME_LABEL_CHALLENGE_PASSED and OUTCOME_LABEL_CHALLENGE_FAILED: this server knows no other.");
}
