using System.Globalization;
using Google.Rpc;

namespace SpamGuard.Server.Grpc;

/// <summary>What can be wrong with the fields of an override. Each description says what to send instead, and never what was sent.</summary>
internal static class OverrideViolations
{
    /// <summary>Nobody is named.</summary>
    public static BadRequest.Types.FieldViolation TargetRequired() => Violations.Of(
        "target", "TARGET_REQUIRED", "Set one of address, address_bytes, network and decision_token: of whom is the verdict said?");

    /// <summary>Text that is no network.</summary>
    public static BadRequest.Types.FieldViolation NetworkMalformed() => Violations.Of(
        "network", "NETWORK_MALFORMED", "Write a network as ADDRESS/LENGTH, its address as in address and its length a number.");

    /// <summary>A length at which nothing is kept.</summary>
    public static BadRequest.Types.FieldViolation NetworkLength() => Violations.Of(
        "network", "NETWORK_LENGTH", "Send /24 or /16 of IPv4, or /48 or /32 of IPv6. One address, or one /64 of IPv6, is set by address.");

    /// <summary>A network whose address is not its first.</summary>
    public static BadRequest.Types.FieldViolation NetworkBits() => Violations.Of(
        "network", "NETWORK_BITS", "Send the first address of the network: all bits behind its length are 0.");

    /// <summary>No verdict.</summary>
    public static BadRequest.Types.FieldViolation VerdictRequired() => Violations.Of(
        "verdict", "VERDICT_REQUIRED", "Set verdict to VERDICT_ALLOW, VERDICT_CHALLENGE, VERDICT_THROTTLE or VERDICT_DENY.");

    /// <summary>A verdict that this version does not know.</summary>
    public static BadRequest.Types.FieldViolation VerdictUnknown() => Violations.Of(
        "verdict", "VERDICT_UNKNOWN", "Set verdict to VERDICT_ALLOW, VERDICT_CHALLENGE, VERDICT_THROTTLE or VERDICT_DENY: this server knows no other.");

    /// <summary>No reason.</summary>
    public static BadRequest.Types.FieldViolation ReasonRequired() => Violations.Of("reason", "REASON_REQUIRED", "Say why, without any IP address: it is written down.");

    /// <summary>No end.</summary>
    public static BadRequest.Types.FieldViolation ExpiryRequired() => Violations.Of("expiry", "EXPIRY_REQUIRED", "Set expire_time or ttl: nothing is said for ever.");

    /// <summary>An end that is over.</summary>
    public static BadRequest.Types.FieldViolation ExpiryPast(string field) => Violations.Of(
        field, "EXPIRY_PAST", "Send an expire_time to come, or a ttl of a second or more.");

    /// <summary>An end beyond what is known of subjects now.</summary>
    /// <param name="field">Where it was said.</param>
    /// <param name="latest">The latest, in unix seconds.</param>
    /// <param name="now">Now, likewise.</param>
    public static BadRequest.Types.FieldViolation ExpiryTooLate(string field, long latest, long now) => Violations.Of(
        field,
        "EXPIRY_TOO_LATE",
        string.Create(
            CultureInfo.InvariantCulture,
            $"Send an expire_time of {DateTimeOffset.FromUnixTimeSeconds(latest):yyyy-MM-dd'T'HH:mm:ss'Z'} at the latest, or a ttl of at most {latest - now} seconds: then what is known of subjects begins to be forgotten. Set it anew if it comes again."));

    /// <summary>An id that is none.</summary>
    public static BadRequest.Types.FieldViolation IdMalformed() => Violations.Of(
        "id", "ID_MALFORMED", "Set id to what Set or List answered: a or n, and 16 hexadecimal digits.");
}
