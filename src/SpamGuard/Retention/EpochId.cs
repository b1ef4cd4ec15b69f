namespace SpamGuard.Retention;

/// <summary>One epoch of one class.</summary>
/// <param name="Class">A class that has epochs.</param>
/// <param name="Number">Whole epochs since 1970-01-01T00:00Z.</param>
internal readonly record struct EpochId(RetentionClass Class, int Number)
{
    /// <summary>The epoch before this one.</summary>
    public EpochId Previous => this with { Number = Number - 1 };

    /// <summary>The epoch after this one.</summary>
    public EpochId Next => this with { Number = Number + 1 };
}
