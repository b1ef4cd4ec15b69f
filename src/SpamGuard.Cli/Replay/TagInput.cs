using System.CommandLine;
using SpamGuard.Tags;

namespace SpamGuard.Cli.Replay;

/// <summary><c>--tags DIR</c>: the files that a server has at <c>Tags:Path</c>.</summary>
internal static class TagInput
{
    private const string Name = "--tags";

    /// <summary>The option.</summary>
    public static Option<string?> Option() => new(Name)
    {
        Description = $"The tags that --policy speaks of: a folder with files TAG.txt, TAG.cidr or *.mmdb, as a server has at {TagOptions.PathKey}.",
        HelpName = "DIR",
    };

    /// <summary>Reads the files and tells their faults, one a line; <c>null</c> where there are any.</summary>
    public static LiveTags? ReadOrSay(string folder, Terminal terminal)
    {
        if (TagFiles.TryRead(WatchedFiles.Read(folder, TagFiles.IsOne, TagFiles.MaxBytes), out var tags, out var faults, Name))
        {
            return LiveTags.Of(tags);
        }

        foreach (var fault in faults)
        {
            terminal.Say(fault);
        }

        return null;
    }
}
