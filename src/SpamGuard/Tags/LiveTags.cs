using Microsoft.Extensions.Options;

namespace SpamGuard.Tags;

/// <summary>The tags in force. They are replaced as a whole: whoever needs several answers that agree takes <see cref="Current"/> once.</summary>
internal sealed class LiveTags(IOptions<TagOptions> options)
{
    private volatile AddressTags _current = options.Value.First?.Tags ?? AddressTags.None;

    /// <summary>The tags in force now.</summary>
    public AddressTags Current => _current;

    /// <summary>No address has a tag, until others are put in force.</summary>
    public static LiveTags None() => new(Options.Create(new TagOptions()));

    /// <summary>Tags that stay.</summary>
    public static LiveTags Of(AddressTags tags)
    {
        var live = None();
        live.Apply(tags);
        return live;
    }

    /// <summary>Puts others in force.</summary>
    public void Apply(AddressTags tags) => _current = tags;
}
