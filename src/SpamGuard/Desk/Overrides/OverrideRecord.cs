using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Desk.Overrides;

/// <summary>What the ledger knows of an override.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Reason">Why.</param>
/// <param name="Operator">The caller who said it.</param>
/// <param name="Identity">As <see cref="Ledger.LedgerActor.Identity"/>.</param>
/// <param name="SetTime">When it was said.</param>
/// <param name="ExpireTime">Unix second at which it ends.</param>
/// <param name="Naming">How the subject was named.</param>
/// <param name="State">How it stands, by the ledger or, once both are looked at, by ledger and store.</param>
internal sealed record OverrideRecord(
    OverrideId Id,
    SubjectKind Subject,
    Verdict Verdict,
    string Reason,
    string Operator,
    string Identity,
    DateTimeOffset SetTime,
    long ExpireTime,
    OverrideNaming Naming,
    OverrideState State);

/// <summary>How an override stands.</summary>
internal enum OverrideState
{
    /// <summary>In force.</summary>
    InForce,

    /// <summary>It should be in force, and the store does not have it.</summary>
    Lost,

    /// <summary>Setting, replacing or clearing it was begun, and it is not known whether that was done. Of what is listed, the store does not have it.</summary>
    Uncertain,

    /// <summary>By the ledger it is not in force: not known, not set, replaced or cleared. It is spoken of where the store has it all the same.</summary>
    Unaccounted,
}
