extern alias client;

using System.Buffers.Text;
using System.Net;
using System.Xml.Linq;
using client::SpamGuard.Client;
using client::SpamGuard.V1;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Client;

/// <summary>The client against a server that is there.</summary>
public sealed class ClientTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Score_ThenPreviewReportAndExplainByItsToken_AnswersEach()
    {
        await using var host = await StartAsync();

        var scored = await host.Client.ScoreAsync(SpamGuardEvent.Message(IPAddress.Parse("81.9.3.9"), "a1", "c1"));
        var token = scored.DecisionToken!;
        var previewed = await host.Client.PreviewAsync(token, EventKind.Message);
        var reported = await host.Client.ReportAsync(token, OutcomeLabel.Spam, "somebody");
        var again = await host.Client.ReportAsync(token, OutcomeLabel.Spam, "somebody");
        var explained = await host.Client.ExplainAsync(token);

        Assert.Equal((Verdict.Allow, AssessmentSource.Service, FallbackCause.None), (scored.Verdict, scored.Source, scored.Cause));
        Assert.InRange(scored.SpamProbability!.Value, 0, 1);
        Assert.Contains(scored.Reasons, static reason => reason.Code == "PRIOR");
        Assert.Equal(AssessmentSource.Service, previewed.Source);
        Assert.Equal((ReportResult.Applied, ReportResult.Duplicate), (reported.Result, again.Result));
        Assert.Equal((EventKind.Message, Verdict.Allow), (explained.Kind, explained.Verdict));
        Assert.Contains("spamguard.client.assessments{kind=message,verdict=allow,source=service} 1", host.Measurements);
        Assert.Contains("spamguard.client.call.duration{method=score,outcome=answered} 1", host.Measurements);
        Assert.Contains("spamguard.client.circuit.open{} 0", host.Measurements);
        Assert.DoesNotContain(host.Measurements, static line => line.Contains("fallbacks", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Preview_Event_CountsNothing()
    {
        await using var host = await StartAsync();
        var spamEvent = SpamGuardEvent.SignUp(IPAddress.Parse("2a01:9:3::9"));

        for (var i = 0; i < 12; i++)
        {
            Assert.Equal(Verdict.Allow, (await host.Client.PreviewAsync(spamEvent)).Verdict);
        }

        Assert.Equal(Verdict.Allow, (await host.Client.ScoreAsync(spamEvent)).Verdict);
    }

    [Fact]
    public async Task Score_TheSameEventAgain_IsARetryAndCountsNothing()
    {
        await using var host = await StartAsync();
        var spamEvent = SpamGuardEvent.SignUp(IPAddress.Parse("82.9.3.9"));

        var scored = await host.Client.ScoreAsync(spamEvent);
        var again = await host.Client.ScoreAsync(spamEvent);

        Assert.Equal((false, true), (scored.Answer.Replayed, again.Answer.Replayed));
    }

    [Fact]
    public async Task Score_ABurst_IsDeniedWithATimeToWait()
    {
        await using var host = await StartAsync();
        SpamGuardAssessment? last = null;
        for (var i = 0; i < 9; i++)
        {
            last = await host.Client.ScoreAsync(SpamGuardEvent.SignUp(IPAddress.Parse("83.9.3.9")));
        }

        Assert.Equal(Verdict.Deny, last!.Verdict);
        Assert.True(last.RetryAfter > TimeSpan.Zero);
    }

    [Fact]
    public async Task ScoreMany_MoreThanABatch_AnswersEachInOrder()
    {
        await using var host = await StartAsync(static options => options.BatchTimeout = TimeSpan.FromSeconds(20));
        var events = Enumerable.Range(0, 600).Select(static i => SpamGuardEvent.SignUp(new IPAddress([84, 9, (byte)(i % 3 == 0 ? 0 : i / 250), (byte)(i % 3 == 0 ? 0 : i % 250)]))).ToList();

        var assessments = await host.Client.ScoreManyAsync(events);

        Assert.Equal(600, assessments.Count);
        Assert.All(assessments, static one => Assert.Equal(AssessmentSource.Service, one.Source));
        Assert.Equal(600, assessments.Select(static one => one.DecisionToken).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal((Verdict.Allow, Verdict.Deny), (assessments[0].Verdict, assessments[597].Verdict)); // every third is of one address
        Assert.Empty(await host.Client.ScoreManyAsync([]));
    }

    [Fact]
    public async Task Report_AnEvent_IsCounted()
    {
        await using var host = await StartAsync();

        var spamEvent = SpamGuardEvent.Message(IPAddress.Parse("85.9.3.9"));
        var reported = await host.Client.ReportAsync(spamEvent, OutcomeLabel.Spam);
        var again = await host.Client.ReportAsync(spamEvent, OutcomeLabel.Spam);
        var otherwise = await host.Client.ReportAsync(spamEvent, OutcomeLabel.Legitimate);

        Assert.Equal((true, ReportResult.Applied), (reported.Applied, reported.Result));
        Assert.Equal((ReportResult.Duplicate, ReportResult.Applied), (again.Result, otherwise.Result));
    }

    [Fact]
    public async Task Token_ThatIsNone_ThrowsAndTheServiceIsNotAway()
    {
        await using var host = await StartAsync();

        var previewed = await Assert.ThrowsAsync<RpcException>(() => host.Client.PreviewAsync("none", EventKind.SignUp));
        var reported = await Assert.ThrowsAsync<RpcException>(() => host.Client.ReportAsync("none", OutcomeLabel.Spam));
        var explained = await Assert.ThrowsAsync<RpcException>(() => host.Client.ExplainAsync("none"));

        Assert.All([previewed, reported, explained], static e => Assert.Equal(StatusCode.InvalidArgument, e.StatusCode));
        Assert.Contains("spamguard.client.call.duration{method=preview,outcome=not_taken} 1", host.Measurements);
    }

    [Fact]
    public async Task Token_ThatExpired_ThrowsAnotherStatusAndTheDocumentationSaysBoth()
    {
        await using var host = await StartAsync();
        var bytes = Base64Url.DecodeFromChars((await host.Client.ScoreAsync(SpamGuardEvent.SignUp(IPAddress.Parse("89.9.3.9")))).DecisionToken);
        bytes[1] -= 2; // the number of its epoch: of this one no process has a key any more
        var expired = Base64Url.EncodeToString(bytes);

        (string Method, Func<string, Task> Call)[] calls =
        [
            ("PreviewAsync", token => host.Client.PreviewAsync(token, EventKind.SignUp)),
            ("ExplainAsync", token => host.Client.ExplainAsync(token)),
            ("ReportAsync", token => host.Client.ReportAsync(token, OutcomeLabel.Spam)),
        ];
        var documentation = XDocument.Load(Path.ChangeExtension(typeof(ISpamGuardClient).Assembly.Location, ".xml"));
        foreach (var (method, call) in calls)
        {
            var thrown = string.Join(' ', documentation.Descendants("member").Single(member => member.Attribute("name")!.Value.StartsWith($"M:SpamGuard.Client.ISpamGuardClient.{method}(System.String,", StringComparison.Ordinal))
                .Elements("exception").Where(static exception => exception.Attribute("cref")!.Value == "T:Grpc.Core.RpcException").Select(static exception => exception.Value));
            Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => call("none"))).StatusCode);
            Assert.Equal(StatusCode.FailedPrecondition, (await Assert.ThrowsAsync<RpcException>(() => call(expired))).StatusCode);
            Assert.Contains("none (INVALID_ARGUMENT)", thrown, StringComparison.Ordinal);
            Assert.Contains("expired, after at least 3.5 days (FAILED_PRECONDITION)", thrown, StringComparison.Ordinal);
            Assert.Equal(method == "PreviewAsync", thrown.Contains("DECISION_TOKEN_OF_ANOTHER_CALLER", StringComparison.Ordinal)); // the others take it
        }
    }

    [Fact]
    public async Task Client_OfAPlainContainer_NeedsNothingElse()
    {
        await using var services = new ServiceCollection()
            .AddSpamGuardClient(options =>
            {
                options.Address = new Uri(server.Url(Listener.Grpc));
                options.Timeout = TimeSpan.FromSeconds(5);
            })
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

        var scored = await services.GetRequiredService<ISpamGuardClient>().ScoreAsync(SpamGuardEvent.SignUp(IPAddress.Parse("89.8.3.9")));

        Assert.Equal(AssessmentSource.Service, scored.Source);
    }

    [Fact]
    public async Task Call_WhoseCallerNoLongerWaits_IsCancelled()
    {
        await using var host = await StartAsync();
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.Client.ScoreAsync(SpamGuardEvent.SignUp(IPAddress.Parse("86.9.3.9")), stop.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.Client.ReportAsync("none", OutcomeLabel.Spam, cancellationToken: stop.Token));
    }

    [Fact]
    public async Task Address_ByDns_IsLookedUp()
    {
        await using var host = await ClientHost.StartAsync(options =>
        {
            options.Address = new Uri($"dns:///localhost:{new Uri(server.Url(Listener.Grpc)).Port}");
            options.Plaintext = true;
            options.Timeout = TimeSpan.FromSeconds(5);
        });

        Assert.Equal(AssessmentSource.Service, (await host.Client.ScoreAsync(SpamGuardEvent.SignUp(IPAddress.Parse("87.9.3.9")))).Source);
        await Poll.UntilAsync(() => Task.FromResult(host.Log.AllText.Contains("Connected to SpamGuard", StringComparison.Ordinal))).DefaultTimeout();
    }

    [Fact]
    public async Task Address_OfAnEvent_IsInNoLogMetricOrText()
    {
        await using var host = await StartAsync();
        var spamEvent = SpamGuardEvent.SignUp(IPAddress.Parse("88.77.66.55"));

        await host.Client.ScoreAsync(spamEvent);
        await host.Client.ScoreManyAsync([spamEvent]);
        await host.Client.ReportAsync(spamEvent, OutcomeLabel.Spam);
        var failed = await Assert.ThrowsAsync<RpcException>(() => host.Client.ReportAsync(spamEvent, OutcomeLabel.Unspecified));

        foreach (var text in new[] { host.Log.AllText, string.Join('\n', host.Measurements), spamEvent.ToString(), failed.ToString() })
        {
            Assert.NotEmpty(text);
            Assert.DoesNotContain("88.77.66.55", text, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToBase64String([88, 77, 66, 55])[..5], text, StringComparison.Ordinal); // as a message prints it
        }
    }

    private Task<ClientHost> StartAsync(Action<SpamGuardClientOptions>? configure = null) => ClientHost.StartAsync(options =>
    {
        options.Address = new Uri(server.Url(Listener.Grpc));
        options.Timeout = TimeSpan.FromSeconds(5); // what is answered is of interest here, and other tests share the processor
        configure?.Invoke(options);
    });
}
