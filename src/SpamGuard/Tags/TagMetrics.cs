using Prometheus;

namespace SpamGuard.Tags;

/// <summary>What an operator sees of tags.</summary>
internal sealed class TagMetrics
{
    private readonly Gauge _prefixes;
    private readonly Counter _reloads;
    private readonly Gauge _rejected;

    /// <summary>Registers the instruments.</summary>
    public TagMetrics(IMetricFactory metrics)
    {
        _prefixes = metrics.CreateGauge("spamguard_tag_prefixes", "Different networks of a tag that are in force.", ["tag"]);
        _reloads = metrics.CreateCounter("spamguard_tag_reloads_total", "Changes of the files of tags, and what became of them.", ["result"]);
        _rejected = metrics.CreateGauge("spamguard_tag_files_rejected", "1 while the files of tags can't be taken and earlier ones stay in force.");
        _reloads.WithLabels("applied");
        _reloads.WithLabels("rejected");
    }

    /// <summary>Tags are in force from the start.</summary>
    public void Started(AddressTags tags) => Show(tags);

    /// <summary>Other tags are in force.</summary>
    public void Applied(AddressTags tags)
    {
        Show(tags);
        _reloads.WithLabels("applied").Inc();
        _rejected.Set(0);
    }

    /// <summary>A change was refused.</summary>
    public void Rejected()
    {
        _reloads.WithLabels("rejected").Inc();
        _rejected.Set(1);
    }

    private void Show(AddressTags tags)
    {
        var sizes = tags.Sizes.ToDictionary(static size => size.Tag, static size => size.Prefixes, StringComparer.Ordinal);
        foreach (var gone in _prefixes.GetAllLabelValues().Select(static labels => labels[0]).Where(tag => !sizes.ContainsKey(tag)).ToList())
        {
            _prefixes.RemoveLabelled(gone);
        }

        foreach (var (tag, prefixes) in sizes)
        {
            _prefixes.WithLabels(tag).Set(prefixes);
        }
    }
}
