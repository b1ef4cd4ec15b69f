using System.CommandLine;

namespace SpamGuard.Cli.Csv;

/// <summary>How many rows of a file may be at fault.</summary>
internal static class MaxErrors
{
    /// <summary>The option that says it: 100 unless told otherwise, and 0 or more.</summary>
    public static Option<int> Option()
    {
        var option = new Option<int>("--max-errors") { Description = "How many rows at fault are skipped before the run fails.", DefaultValueFactory = _ => 100 };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 0)
            {
                result.AddError("--max-errors is at least 0.");
            }
        });
        return option;
    }
}
