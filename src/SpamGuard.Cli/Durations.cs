using System.CommandLine;

namespace SpamGuard.Cli;

/// <summary>Durations on the command line.</summary>
internal static class Durations
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    /// <summary>An option that takes one as a limit of time: from 1 ms on.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it is for, and what it is where it is not given.</param>
    /// <param name="longest">How long it may be.</param>
    public static Option<TimeSpan?> Limit(string name, string description, TimeSpan longest) => Make(name, description, (Shortest, longest));

    /// <summary>An option that takes one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it is for, and what it is where it is not given.</param>
    public static Option<TimeSpan?> Option(string name, string description) => Make(name, description, range: null);

    private static Option<TimeSpan?> Make(string name, string description, (TimeSpan Shortest, TimeSpan Longest)? range) => new(name)
    {
        Description = description,
        HelpName = "DURATION",
        CustomParser = result =>
        {
            if (!DurationText.TryParse(result.Tokens[0].Value, out var duration))
            {
                result.AddError(range is null ? $"{name} is {DurationText.Form}." : $"{name} is a number and s, m, h or d, such as 30m or 0.9d, {Text(range.Value.Longest)}.");
            }
            else if (range is var (shortest, longest) && (duration < shortest || duration > longest))
            {
                result.AddError($"{name} is {Text(longest)}.");
            }

            return duration;
        },
    };

    private static string Text(TimeSpan longest) => $"from 0.001s to {DurationText.Of((int)longest.TotalSeconds)}";
}
