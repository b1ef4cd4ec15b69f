using System.CommandLine;

namespace SpamGuard.Cli;

/// <summary>Durations on the command line.</summary>
internal static class Durations
{
    /// <summary>The shortest that a limit of time may be.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    /// <summary>An option that takes one as a limit of time: from 1 ms on.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it is for, and what it is where it is not given.</param>
    /// <param name="longest">How long it may be.</param>
    public static Option<TimeSpan?> Limit(string name, string description, TimeSpan longest)
    {
        var option = Option(name, description);
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<TimeSpan?>() is { } given && (given < Shortest || given > longest))
            {
                result.AddError($"{name} is from 0.001s to {DurationText.Of((int)longest.TotalSeconds)}.");
            }
        });
        return option;
    }

    /// <summary>An option that takes one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it is for, and what it is where it is not given.</param>
    public static Option<TimeSpan?> Option(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "DURATION",
        CustomParser = result =>
        {
            if (!DurationText.TryParse(result.Tokens[0].Value, out var duration))
            {
                result.AddError($"{name} is {DurationText.Form}.");
            }

            return duration;
        },
    };
}
