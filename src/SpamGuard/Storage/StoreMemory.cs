using SpamGuard.Retention;

namespace SpamGuard.Storage;

/// <summary>
/// Whether the store's memory runs full. While it does, only records of networks and regions are made: a flood from fresh addresses would else
/// have the store throw out evidence and salts. Records that are there go on counting. Thread-safe.
/// </summary>
internal sealed class StoreMemory
{
    /// <summary>Above this share of the limit the rule is in force.</summary>
    public const double TightShare = 0.85;

    /// <summary>Below this share it is off again.</summary>
    public const double EasedShare = 0.80;

    private volatile bool _isTight;

    /// <summary>Whether the rule is in force.</summary>
    public bool IsTight => _isTight;

    /// <summary>Whether a record may be made for a subject of this kind, as far as memory goes.</summary>
    public bool MayCreate(SubjectKind kind) => !_isTight || kind is SubjectKind.Network or SubjectKind.Region;

    /// <summary>Takes a measurement. Returns whether the rule came into force or went out of it.</summary>
    /// <param name="share">
    /// Used memory by its limit, 0 upwards; 0 where there is no limit, <c>null</c> where it is not known: then the rule stays as it is.
    /// </param>
    public bool Is(double? share)
    {
        var tight = share is null ? _isTight : share > (_isTight ? EasedShare : TightShare);
        var changed = tight != _isTight;
        _isTight = tight;
        return changed;
    }
}
