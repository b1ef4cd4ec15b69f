using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SpamGuard.Policies;
using SpamGuard.Policies.Files;

namespace SpamGuard.Cli.PolicyFiles;

/// <summary>What the verbs of <c>spamguard policy</c> have in common.</summary>
internal static class PolicyInput
{
    /// <summary>Stands for the policy that is in force without a file.</summary>
    public const string Default = "default";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A file.</summary>
    public static Argument<string> Argument(string name) => new(name) { Description = $"A policy file in YAML or JSON, or '{Default}'." };

    /// <summary>Whether JSON is asked for.</summary>
    public static Option<bool> Json() => JsonOption.New("Print JSON, names in snake_case.");

    /// <summary>Reads a file.</summary>
    public static PolicyFile Read(string path) => path is Default ? PolicyFile.None : PolicyFile.Load(path);

    /// <summary>Reads a file and tells its faults, one a line; <c>null</c> where there are any.</summary>
    public static PolicyFile? ReadOrSay(string path, Terminal terminal)
    {
        var file = Read(path);
        foreach (var fault in file.Faults)
        {
            terminal.Say($"{path}: {fault}");
        }

        return file.Policy is null ? null : file;
    }

    /// <summary>All constants of a policy by path; of its candidate only those that are others.</summary>
    public static IReadOnlyDictionary<string, PolicyLeaf> Leaves(Policy policy)
    {
        var all = PolicyKeys.Leaves(policy).ToDictionary(leaf => leaf.Path, StringComparer.Ordinal);
        foreach (var (path, leaf) in all.Where(pair => pair.Value.Parts[0] is PolicyKeys.Shadow).ToList())
        {
            if (all.TryGetValue(path[(PolicyKeys.Shadow.Length + 1)..], out var live) && string.Equals(live.Text(), leaf.Text(), StringComparison.Ordinal))
            {
                all.Remove(path);
            }
        }

        return all;
    }

    /// <summary>Prints JSON.</summary>
    public static void Write(Terminal terminal, JsonNode json) => terminal.Output.WriteLine(json.ToJsonString(Readable));
}
