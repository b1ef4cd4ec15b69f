using System.Text.RegularExpressions;
using Grpc.Health.V1;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Testing;
using SpamGuard.V1;
using HealthClient = Grpc.Health.V1.Health.HealthClient;

namespace SpamGuard.IntegrationTests.Processes;

/// <summary>What a process knows after it was restarted: the salts are in the store, the pepper in its file, and it takes both.</summary>
[Collection(nameof(ProcessesCollection))]
public sealed partial class RestartTests(RedisFixture redis)
{
    private const string Address = "63.10.0.1";

    [Fact]
    public async Task Restart_WithTheSamePepper_KnowsWhatWasLearnedAndOpensItsTokens()
    {
        await redis.FlushAsync();
        using var pepper = new PepperFile();
        Assessment last;
        await using (var before = await ServerProcess.ReadyAsync(redis, pepper.Path))
        {
            await ScoreAsync(before);
            await ScoreAsync(before);
            last = await ScoreAsync(before);
            Assert.Equal(0, await before.StopAsync());
        }

        await using var after = await ServerProcess.ReadyAsync(redis, pepper.Path);
        var preview = (await ServerProcess.AnsweredAsync(() => after.Scoring.PreviewAsync(new PreviewRequest { Event = Events.SignUp(Address) }))).Assessment;
        var explanation = await after.Scoring.ExplainAsync(new ExplainRequest { DecisionToken = last.DecisionToken }).ResponseAsync.DefaultTimeout();

        Assert.Equal(CountBucket.Some, preview.Evidence.Single(level => level.Level == SubjectLevel.Address).Units);
        Assert.True(preview.Verdict >= Verdict.Challenge, preview.ToString());
        Assert.Equal(last.Verdict, explanation.Verdict);
    }

    [Fact]
    public async Task Start_WithAnotherPepper_ServesNobodyAndSaysWhichPepperIsMissing()
    {
        await redis.FlushAsync();
        using var pepper = new PepperFile();
        using var other = new PepperFile();
        await using var first = await ServerProcess.ReadyAsync(redis, pepper.Path);
        await ScoreAsync(first);

        await using var second = ServerProcess.Start(redis, other.Path);
        await Poll.UntilAsync(() => Task.FromResult(second.Output.Split('\n').Any(line => Missing().IsMatch(line)))).DefaultTimeout();
        await Poll.UntilAsync(() => Task.FromResult(second.ExitCode is not null || second.Output.Contains("Listening", StringComparison.Ordinal)))
            .DefaultTimeout();

        if (second.ExitCode is { } code)
        {
            Assert.Equal(1, code);
        }
        else
        {
            // On a machine too busy to ask the store within a second it listens, and says that it is not ready.
            var answer = await new HealthClient(second.Channel).CheckAsync(new HealthCheckRequest()).ResponseAsync.DefaultTimeout();
            Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, answer.Status);
        }

        Assert.Single(second.Output.Split('\n'), line => Missing().IsMatch(line));
        Assert.DoesNotContain("   at ", second.Output, StringComparison.Ordinal);
        Assert.False(await second.IsServingAsync());
        await ScoreAsync(first);
    }

    private static Task<Assessment> ScoreAsync(ServerProcess server) =>
        server.ScoreAsync(new ScoreRequest { Event = Events.SignUp(Address), RequestId = Events.NewRequestId() });

    [GeneratedRegex("The (address|network) epoch [0-9]+ names pepper [0-9a-f]{16}, and no such pepper is configured \\(Pepper:Path\\)")]
    private static partial Regex Missing();
}
