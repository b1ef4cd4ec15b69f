using System.CommandLine;

namespace SpamGuard.Cli;

/// <summary>Whole numbers on the command line.</summary>
internal static class WholeOption
{
    /// <summary>An option that takes one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="helpName">What stands for the number in the help.</param>
    /// <param name="byDefault">What it is where it is not given.</param>
    /// <param name="least">The smallest.</param>
    /// <param name="most">The largest.</param>
    /// <param name="description">What it is for.</param>
    public static Option<int> New(string name, string helpName, int byDefault, int least, int most, string description)
    {
        var option = new Option<int>(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => byDefault };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < least || result.GetValueOrDefault<int>() > most)
            {
                result.AddError(FormattableString.Invariant($"{name} is from {least} to {most}."));
            }
        });
        return option;
    }
}
