using System.Text.Json;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Deployment;

/// <summary>The README's commands for Docker, run as they stand there, with the image of this repository.</summary>
[Collection(nameof(ImageCollection))]
[Trait("Category", "Image")]
public sealed class ComposeRunTests(ImageFixture image) : IClassFixture<ImageFixture>
{
    private const string LocalPrometheus = "spamguard-test/prometheus:local";
    private const string LocalRedis = "redis:7.0-local";

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);
    private static readonly HttpClient Web = new();

    [Fact]
    public async Task Commands_OfTheReadme_StartAllOfItAndGetAVerdict()
    {
        var commands = Assert.Single(Pages.Section("## In a minute").Split("```sh\n").Skip(1).Select(static block => block.Split("```")[0]), static block => block.Contains("make-secrets", StringComparison.Ordinal));
        var (start, ask) = (commands[..commands.IndexOf("curl", StringComparison.Ordinal)], commands[commands.IndexOf("curl", StringComparison.Ordinal)..]);
        await CommandRun.OutputOfAsync(["bash", "tests/prometheus-image", LocalPrometheus]);
        await using var folder = new ComposeFolder(
            new("SPAMGUARD_IMAGE", image.Tag), new("PROMETHEUS_IMAGE", LocalPrometheus), new("REDIS_IMAGE", Environment.GetEnvironmentVariable("SPAMGUARD_REDIS_IMAGE") ?? LocalRedis));
        await folder.OutputOfAsync(start);

        // The command says nothing until the port is open; then the answer is what the page says.
        var answer = "";
        await Poll.UntilAsync(async () =>
        {
            answer = (await folder.RunAsync(ask.Replace(":5081", ":" + folder.Port("SPAMGUARD_HTTP_PORT"), StringComparison.Ordinal))).Output;
            return answer.Contains("\"quality\":\"QUALITY_FULL\"", StringComparison.Ordinal);
        }).TimeoutAfter(StartLimit);
        Assert.Contains("\"verdict\":\"VERDICT_CHALLENGE\"", answer, StringComparison.Ordinal);

        var prometheus = $"http://127.0.0.1:{folder.Port("PROMETHEUS_PORT")}/api/v1/";
        await Poll.UntilAsync(async () => await CountAsync(prometheus, "up == 1") == 2).TimeoutAfter(StartLimit);
        await Poll.UntilAsync(async () => await CountAsync(prometheus, "spamguard_store_setting{state=\"ok\"} == 1") > 10).TimeoutAfter(StartLimit);
        Assert.Equal(0, await CountAsync(prometheus, "spamguard_store_setting{state!=\"ok\"} == 1")); // no disk, no slow log, a limit: as the auditor finds it
        Assert.Equal(0, await CountAsync(prometheus, "ALERTS{alertstate=\"firing\"}"));
        Assert.NotEmpty((await JsonAsync(prometheus + "rules")).GetProperty("groups").EnumerateArray());

        Assert.Contains("Transparency", await Web.GetStringAsync($"http://127.0.0.1:{folder.Port("SPAMGUARD_TRANSPARENCY_PORT")}/transparency"), StringComparison.Ordinal);
    }

    private static async Task<int> CountAsync(string prometheus, string query)
    {
        var data = await JsonAsync($"{prometheus}query?query={Uri.EscapeDataString(query)}");
        return data.GetProperty("result").GetArrayLength();
    }

    private static async Task<JsonElement> JsonAsync(string url)
    {
        using var response = await Web.GetAsync(url);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return document.RootElement.GetProperty("data").Clone();
    }
}
