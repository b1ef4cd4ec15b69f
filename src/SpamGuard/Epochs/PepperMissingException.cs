using SpamGuard.Retention;

namespace SpamGuard.Epochs;

/// <summary>An epoch was begun with a pepper that this process does not have, so its tokens can't be made.</summary>
internal sealed class PepperMissingException(EpochId epoch, ulong pepperId) : Exception(
    $"The {epoch} names pepper {pepperId:x16}, and no such pepper is configured (Pepper:Path); give back the file that it was begun with.")
{
    /// <summary>Which epoch.</summary>
    public EpochId Epoch { get; } = epoch;
}
