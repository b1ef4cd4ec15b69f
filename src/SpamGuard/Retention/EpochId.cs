using System.Globalization;

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

    /// <summary>For people: <c>address epoch 5923</c>. (What a record would say by itself never ends: each has a previous one.)</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Class.Name} epoch {Number}");
}
