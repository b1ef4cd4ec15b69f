using System.Text.Json;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>Prometheus' own checker.</summary>
internal static class Promtool
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5); // two cores that are busy with other tests

    /// <summary>Its garbage collector is made to wait: a quarter of its work was to tidy up some 60 MB over and over.</summary>
    private static readonly IReadOnlyList<KeyValuePair<string, string?>> Variables = [KeyValuePair.Create("GOGC", (string?)"800")];

    /// <summary>Runs it in the folder of the component. Returns its exit code and all that it wrote.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(params IEnumerable<string> arguments)
    {
        var run = await CommandRun.OfAsync([InstalledProgram.Find("promtool", "prometheus"), .. arguments], RuleFiles.Folder, Variables, Limit);
        return (run.ExitCode, run.Output + run.Errors);
    }

    /// <summary>Checks whether expressions are ones: each as the rule of a record. Returns the exit code and all that was written, in which the records have their numbers, from 0 on.</summary>
    public static async Task<(int ExitCode, string Output)> CheckExpressionsAsync(IEnumerable<string> expressions)
    {
        var folder = Directory.CreateTempSubdirectory("spamguard-expressions-");
        try
        {
            var path = Path.Combine(folder.FullName, "rules.yaml");
            var rules = expressions.Select(static (expression, i) => $"      - record: line{i}\n        expr: {JsonSerializer.Serialize(expression)}\n");
            await File.WriteAllTextAsync(path, "groups:\n  - name: expressions\n    rules:\n" + string.Concat(rules));
            return await RunAsync("check", "rules", path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
