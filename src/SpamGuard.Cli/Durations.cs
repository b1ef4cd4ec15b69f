using System.CommandLine;

namespace SpamGuard.Cli;

/// <summary>Durations on the command line.</summary>
internal static class Durations
{
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
