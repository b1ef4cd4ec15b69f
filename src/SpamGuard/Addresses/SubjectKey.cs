using SpamGuard.Retention;

namespace SpamGuard.Addresses;

/// <summary>Names one record: what kind of subject it is about, and the subject's token in the record's epoch.</summary>
internal readonly record struct SubjectKey(SubjectKind Kind, SubjectToken Token)
{
    /// <summary>Whether there is no such record to be had: an epoch whose salt never was.</summary>
    public bool IsNone => Token.IsNone;

    /// <summary>The token's: tokens of two kinds hardly ever agree.</summary>
    public override int GetHashCode() => Token.GetHashCode();
}
