namespace SpamGuard.Tags;

/// <summary>A folder of tags that was read, and the watch that goes on from there.</summary>
/// <param name="Watch">The watch.</param>
/// <param name="Tags">The tags; none where there are faults.</param>
/// <param name="Faults">What is wrong, a line each.</param>
internal sealed record TagReading(FileWatch Watch, AddressTags Tags, IReadOnlyList<string> Faults)
{
    /// <summary>Reads what a watch's folder holds now.</summary>
    public static TagReading Of(FileWatch watch)
    {
        TagFiles.TryRead(watch.Read(), out var tags, out var faults);
        return new(watch, tags, faults);
    }
}
