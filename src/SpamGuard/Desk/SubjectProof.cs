using System.Text.Json.Nodes;
using SpamGuard.Addresses;

namespace SpamGuard.Desk;

/// <summary>What has shown that an address is, or was of late, that of who asks.</summary>
/// <param name="Attestation">How the person was identified, in words without an address; <c>null</c> where a decision token has shown it.</param>
internal sealed record SubjectProof(string? Attestation)
{
    /// <summary>What the ledger is told before the act.</summary>
    public JsonObject Intent(ClientAddress address)
    {
        var intent = new JsonObject { ["proof"] = Attestation is null ? "decision_token" : "attestation", ["significant_bits"] = address.SignificantBits };
        if (Attestation is not null)
        {
            intent["attestation"] = Attestation;
        }

        return intent;
    }
}
