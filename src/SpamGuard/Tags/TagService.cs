using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SpamGuard.Tags;

/// <summary>Takes over what the files of tags hold, as long as the process runs. What can't be taken changes nothing.</summary>
internal sealed partial class TagService(IOptions<TagOptions> options, LiveTags live, TagMetrics metrics, ILogger<TagService> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.Started(live.Current);
        return options.Value.First is { } first ? first.Watch.RunAsync(Take, stoppingToken) : Task.CompletedTask;
    }

    private void Take(WatchedFiles files)
    {
        if (!TagFiles.TryRead(files, out var tags, out var faults))
        {
            metrics.Rejected();
            Log.Rejected(logger, string.Join(' ', faults));
            return;
        }

        live.Apply(tags);
        metrics.Applied(tags);
        Log.Applied(logger, tags.Sizes.Count(), tags.Sizes.Sum(static size => (long)size.Prefixes));
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.TagFilesRejected,
            LogLevel.Error,
            "The files of tags can't be taken, and the tags stay as they were. {Faults}",
            EventName = "TagFilesRejected")]
        public static partial void Rejected(ILogger logger, string faults);

        [LoggerMessage(EventIds.TagFilesApplied, LogLevel.Information, "The files of tags are in force: {Tags} tags, {Prefixes} networks.", EventName = "TagFilesApplied")]
        public static partial void Applied(ILogger logger, int tags, long prefixes);
    }
}
