using Microsoft.Extensions.Options;

namespace SpamGuard.Tags;

/// <summary>Where the files of tags are: <c>Tags:*</c>.</summary>
internal sealed class TagOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Tags";

    /// <summary>The key of <see cref="Path"/>.</summary>
    public const string PathKey = $"{Section}:{nameof(Path)}";

    /// <summary>The keys of the section.</summary>
    public static readonly IReadOnlyList<Setting> Settings = [Setting.Text(PathKey)];

    /// <summary>A folder with files <c>TAG.txt</c>, <c>TAG.cidr</c> or <c>*.mmdb</c>. Default: none, and no address has a tag.</summary>
    public string? Path { get; set; }

    /// <summary>The first reading of the folder; null without one.</summary>
    internal TagReading? First { get; set; }
}

/// <summary>Refuses files of tags that can't be taken before anything listens, all faults at once.</summary>
internal sealed class TagOptionsRules : IValidateOptions<TagOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, TagOptions options) =>
        options.First is { Faults: { Count: > 0 } faults } ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
}
