using System.CommandLine;
using SpamGuard.Retention;

namespace SpamGuard.Cli.Replay;

/// <summary>The option <c>--retention</c>: other lives of the two classes that have epochs, for a replay only.</summary>
internal static class RetentionOption
{
    private const string Name = "--retention";
    private static readonly string Classes = string.Join(" or ", RetentionClass.Salted.Select(retention => retention.Name));

    /// <summary>The option.</summary>
    public static Option<RetentionLives?> Make() => new(Name)
    {
        Description = "What other lives of records would cost, beside a service's: address=7d covers addresses and contents, network=30d networks, "
            + "regions and accounts. One may be left out.",
        HelpName = "CLASS=DURATION,…",
        CustomParser = result =>
        {
            var lives = Parse(result.Tokens[0].Value, out var fault);
            if (fault is not null)
            {
                result.AddError($"{Name}: {fault}");
            }

            return lives;
        },
    };

    /// <summary>Reads <c>address=1d,network=30d</c>; a class that is not named keeps the life that it has in a service.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fault">Why it can't be taken.</param>
    public static RetentionLives? Parse(string text, out string? fault)
    {
        var lives = RetentionLives.OfService;
        var named = new HashSet<RetentionClass>();
        foreach (var part in text.Split(','))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            var retention = at < 0 ? null : RetentionClass.Salted.FirstOrDefault(one => string.Equals(one.Name, part[..at], StringComparison.Ordinal));
            fault = retention is null ? $"\"{part}\" is not CLASS=DURATION with the class {Classes}"
                : !named.Add(retention) ? $"{retention.Name} is there twice"
                : null;
            if (fault is not null)
            {
                return null;
            }

            if (!DurationText.TryParse(part.AsSpan(at + 1), out var life) || life < RetentionLives.Shortest || life > RetentionLives.Longest)
            {
                fault = $"\"{part}\": a life is a number and s, m, h or d, from {RetentionLives.Shortest.TotalHours}h to {RetentionLives.Longest.TotalDays}d";
                return null;
            }

            lives = retention == RetentionClass.Address ? lives with { Address = life } : lives with { Network = life };
        }

        fault = null;
        return lives;
    }
}
