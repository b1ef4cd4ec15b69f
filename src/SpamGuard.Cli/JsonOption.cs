using System.CommandLine;

namespace SpamGuard.Cli;

/// <summary>The option that every verb has which prints data: for scripts.</summary>
internal static class JsonOption
{
    /// <summary>Its name. Where it is given, messages are JSON too: see <see cref="JsonMessages"/>.</summary>
    public const string Name = "--json";

    /// <summary>The option.</summary>
    /// <param name="prints">What is printed; one JSON object unless told otherwise.</param>
    public static Option<bool> New(string prints = "Print one JSON object, names in snake_case.") => new(Name) { Description = $"{prints} Messages on standard error are JSON too." };
}
