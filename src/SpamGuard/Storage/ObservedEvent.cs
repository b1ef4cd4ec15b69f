using SpamGuard.Addresses;

namespace SpamGuard.Storage;

/// <summary>An event to be counted.</summary>
/// <param name="Items">Its subjects, the address first, each once; another event of the same call may name them again.</param>
/// <param name="Replay">What makes a retry count nothing; <c>null</c> without a request id.</param>
internal sealed record ObservedEvent(SubjectItem[] Items, ReplayGuard? Replay);

/// <summary>Remembers an event for a minute under the caller's request id, in the slot of its address.</summary>
/// <param name="Address">The address' token: the slot.</param>
/// <param name="Request">Keyed hash of caller and request id.</param>
/// <param name="Fingerprint">Keyed hash of the event: another event under the same id is refused.</param>
/// <param name="Context">Opaque to the store; a retry gets the first call's back.</param>
internal sealed record ReplayGuard(SubjectToken Address, SubjectToken Request, ulong Fingerprint, ReadOnlyMemory<byte> Context)
{
    /// <summary>How long a retry is recognised, in seconds.</summary>
    public const int Seconds = 60;
}
