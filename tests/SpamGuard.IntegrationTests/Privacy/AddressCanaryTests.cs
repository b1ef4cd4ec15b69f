using System.Net;
using System.Net.Mime;
using System.Text;
using Grpc.Core;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Privacy;

/// <summary>Known addresses go in by every way; no log down to Trace, no metric and no answer holds one.</summary>
public sealed class AddressCanaryTests(RedisServerFixture server) : IClassFixture<RedisServerFixture>
{
    private static readonly string[] Canaries = ["45.67.89.123", "2a01:4f8:aaaa:bbbb", "45.67.89.124"];

    [Fact]
    public async Task Address_ByEveryWay_IsNowhereAfterwards()
    {
        var answers = new StringBuilder();
        foreach (var address in (string[])["45.67.89.123", "2a01:4f8:aaaa:bbbb::1", "45.67.89.123:80", "[2a01:4f8:aaaa:bbbb::1]"])
        {
            answers.Append(await CallAsync(async () => (await server.Scoring.ScoreAsync(
                new ScoreRequest { Event = Events.SignUp(address), RequestId = Events.NewRequestId() })).ToString()));
            answers.Append(await CallAsync(async () => (await server.Scoring.PreviewAsync(
                new PreviewRequest { Event = Events.Message(address) })).ToString()));
            answers.Append(await CallAsync(async () => (await server.Feedback.ReportOutcomeAsync(
                new ReportOutcomeRequest { Event = Events.Message(address), Label = OutcomeLabel.Spam })).ToString()));
            answers.Append(await PostAsync($$$"""{"event":{"kind":"EVENT_KIND_SIGN_UP","address":"{{{address}}}"}}"""));
            answers.Append(await PostAsync($$$"""{"event":{"kind":"{{{address}}}","address":"{{{address}}}"}}"""));
        }

        // Stopped, the store fails every call, and the driver's texts pass by.
        await server.Redis.StopAsync();
        answers.Append(await CallAsync(async () => (await server.Scoring.ScoreAsync(new ScoreRequest { Event = Events.SignUp("45.67.89.124") })).ToString()));

        var metrics = await server.MetricsAsync();
        foreach (var canary in Canaries)
        {
            Assert.DoesNotContain(canary, answers.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(server.Logs.Logs, log => log.Text.Contains(canary, StringComparison.Ordinal));
            Assert.DoesNotContain(canary, metrics, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("sg:", server.Logs.AllText, StringComparison.Ordinal);
    }

    private static async Task<string> CallAsync(Func<Task<string>> call)
    {
        try
        {
            return await call().DefaultTimeout();
        }
        catch (RpcException error)
        {
            return error + error.GetRpcStatus()?.ToString();
        }
    }

    private async Task<string> PostAsync(string body)
    {
        using var client = new HttpClient();
        using var content = new StringContent(body, Encoding.UTF8, MediaTypeNames.Application.Json);
        using var response = await client.PostAsync(new Uri(server.Url(Listener.Http) + "/v1/events:score"), content).DefaultTimeout();
        Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest, response.StatusCode.ToString());
        return await response.Content.ReadAsStringAsync().DefaultTimeout();
    }
}
