using System.Text.RegularExpressions;
using Grpc.Net.Client;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Languages.Examples;

/// <summary>An example in a folder as a fresh clone has it, its guide followed to the end, and the server that the guide has started.</summary>
/// <param name="name">Its folder below <c>protos/examples</c>.</param>
public abstract partial class ExampleFixture(string name) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2); // npm has something to fetch, and a busy machine of two cores

    private readonly DirectoryInfo _clone = Directory.CreateTempSubdirectory("spamguard-example-");

    /// <summary>How a sign-up form of it is started, in its folder.</summary>
    public abstract string Program { get; }

    /// <summary>How its flag for the authority of servers is called.</summary>
    public abstract string AuthorityFlag { get; }

    /// <summary>What it writes on a message whose address are the bytes 198, 51, 100 and 7, and on the report that it was spam.</summary>
    public abstract string Bytes { get; }

    /// <summary>What it prints of those: the result of the report.</summary>
    public abstract string BytesAnswer { get; }

    /// <summary>How it says that it is to come again in 7.5 s.</summary>
    public abstract string Again { get; }

    /// <summary>What asks once at each of these times, by a clock that is told them, and prints verdict and source, and when to come again.</summary>
    /// <param name="seconds">With a space between.</param>
    public abstract string Timed(string seconds);

    /// <summary>What its guide has printed.</summary>
    internal CommandRun Guide { get; private set; } = new(-1, "", "");

    /// <summary>What its guide says that would be printed.</summary>
    internal IReadOnlyList<string> Told { get; private set; } = [];

    /// <summary>The service of the guide's first block.</summary>
    internal ServerProgram Server { get; } = new("Development", [new("Signals__Budget", "00:00:00.200")]);

    public async Task InitializeAsync()
    {
        Server.Start();
        await Protos.CloneAsync(_clone.FullName);
        File.CreateSymbolicLink(Path.Combine(_clone.CreateSubdirectory("other").FullName, "python3"), "/bin/false");
        using var channel = GrpcChannel.ForAddress(Server.Url(Listener.Grpc));
        await Poll.UntilAsync(() => ServerProgram.IsServingAsync(channel)).DefaultTimeout();

        // A call that compiles what it runs through may not wait long enough for the store. A preview counts nothing.
        var scoring = new ScoringService.ScoringServiceClient(channel);
        await Poll.UntilAsync(async () => (await scoring.PreviewAsync(new PreviewRequest { Event = Events.SignUp("192.0.2.1") })).Assessment.Quality == Quality.Full).DefaultTimeout();

        var guide = await File.ReadAllTextAsync(Path.Combine(_clone.FullName, "protos", "examples", name, "README.md"));
        var blocks = Block().Matches(guide);
        Told = [.. blocks.Where(static block => block.Groups["language"].Value == "text").Select(static block => block.Groups["text"].Value)];
        var commands = blocks.Where(static block => block.Groups["language"].Value == "sh").Select(static block => block.Groups["text"].Value).ToList();
        Assert.Equal("dotnet run --project src/SpamGuard.Server\n", commands[0]); // which is running already
        Guide = await CommandRun.OfAsync(["bash", "-c", "set -eu\n" + string.Concat(commands.Skip(1))], _clone.FullName, Variables(), Limit);
    }

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        _clone.Delete(recursive: true);
    }

    /// <summary>Runs commands in its folder.</summary>
    /// <param name="commands">For a shell.</param>
    /// <param name="grpc">Where the service is, as <c>host:port</c>; that of the guide by default.</param>
    /// <param name="http">Where it is by HTTP.</param>
    /// <param name="deadline">In milliseconds; longer than an idle machine needs by default.</param>
    internal Task<CommandRun> RunAsync(string commands, string? grpc = null, string? http = null, int deadline = 10_000) => CommandRun.OfAsync(
        ["bash", "-c", commands],
        Path.Combine(_clone.FullName, "protos", "examples", name),
        [.. Variables(), .. grpc is null ? [] : new Dictionary<string, string?>(StringComparer.Ordinal) { ["SPAMGUARD_ADDRESS"] = grpc, ["SPAMGUARD_URL"] = http }, new("SPAMGUARD_DEADLINE_MS", $"{deadline}")],
        Limit);

    // Another Python than Debian's may be found before it, as here one that can do nothing.
    private IReadOnlyList<KeyValuePair<string, string?>> Variables() =>
    [
        new("PATH", $"{_clone.CreateSubdirectory("other").FullName}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}"),
        new("SPAMGUARD_ADDRESS", Server.Url(Listener.Grpc)["http://".Length..]),
        new("SPAMGUARD_URL", Server.Url(Listener.Http)),
        new("SPAMGUARD_DEADLINE_MS", "10000"),
    ];

    [GeneratedRegex("^```(?<language>[a-z]+)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();
}

/// <summary>Node.js.</summary>
public sealed class NodeExample() : ExampleFixture("node")
{
    public override string Program => "node sign-up.js";

    public override string AuthorityFlag => "--ca";

    public override string BytesAnswer => "VERDICT_ALLOW service REPORT_RESULT_APPLIED";

    public override string Bytes => """
        node --input-type=module -e "
        import { SpamGuard } from './spamguard.js';
        const spamGuard = new SpamGuard({ server: process.env.SPAMGUARD_ADDRESS, deadlineMs: 10000 });
        const { verdict, source, decisionToken } = await spamGuard.score({ kind: 'EVENT_KIND_MESSAGE', address: Uint8Array.of(198, 51, 100, 7) });
        console.log(verdict, source, await spamGuard.report(decisionToken, 'OUTCOME_LABEL_SPAM'));
        spamGuard.close();"
        """;

    public override string Again => " 8";

    public override string Timed(string seconds) => $$"""
        node --input-type=module -e "
        import { SpamGuard } from './spamguard.js';
        const spamGuard = new SpamGuard({ server: process.env.SPAMGUARD_ADDRESS, deadlineMs: 10000 });
        for (const second of '{{seconds}}'.split(' ')) {
          performance.now = () => second * 1000;
          const { verdict, source, retryAfterSeconds } = await spamGuard.score({ kind: 'EVENT_KIND_SIGN_UP', address: '192.0.2.5' });
          console.log(verdict, source, retryAfterSeconds ?? '');
        }
        spamGuard.close();"
        """;

    /// <summary>What it answers of a service that is away for longer than the grace, twice.</summary>
    public static string AfterGrace => """
        node --input-type=module -e "
        import { SpamGuard } from './spamguard.js';
        const spamGuard = new SpamGuard({ server: process.env.SPAMGUARD_ADDRESS, fallback: { graceMs: -1 } });
        const { verdict, source } = await spamGuard.score({ kind: 'EVENT_KIND_SIGN_UP', address: '203.0.113.9' });
        console.log(verdict, source);
        spamGuard.close();"
        """;
}

/// <summary>Python.</summary>
public sealed class PythonExample() : ExampleFixture("python")
{
    public override string Program => "/usr/bin/python3 sign_up.py";

    public override string AuthorityFlag => "--ca";

    public override string BytesAnswer => "True service True";

    public override string Bytes => """
        /usr/bin/python3 -c "
        import ipaddress, os
        from spamguard.v1 import event_pb2, feedback_service_pb2
        from spamguard_client import ALLOW, SpamGuard
        spam_guard = SpamGuard(os.environ['SPAMGUARD_ADDRESS'], deadline=10)
        assessment = spam_guard.score(event_pb2.EVENT_KIND_MESSAGE, ipaddress.ip_address('198.51.100.7').packed)
        result = spam_guard.report(assessment.decision_token, feedback_service_pb2.OUTCOME_LABEL_SPAM)
        print(assessment.verdict == ALLOW, assessment.source, result == feedback_service_pb2.REPORT_RESULT_APPLIED)
        spam_guard.close()"
        """;

    public override string Again => " 8";

    public override string Timed(string seconds) => $$"""
        /usr/bin/python3 -c "
        import os, types
        import spamguard_client
        from spamguard.v1 import assessment_pb2, event_pb2
        spam_guard = spamguard_client.SpamGuard(os.environ['SPAMGUARD_ADDRESS'], deadline=10)
        for second in '{{seconds}}'.split():
            spamguard_client.time = types.SimpleNamespace(monotonic=lambda: int(second))
            assessment = spam_guard.score(event_pb2.EVENT_KIND_SIGN_UP, '192.0.2.5')
            print(assessment_pb2.Verdict.Name(assessment.verdict), assessment.source, assessment.retry_after or '')
        spam_guard.close()"
        """;

    /// <summary>What it answers of a service that is away for longer than the grace.</summary>
    public static string AfterGrace => """
        /usr/bin/python3 -c "
        import os
        from spamguard.v1 import assessment_pb2, event_pb2
        from spamguard_client import Fallback, SpamGuard
        spam_guard = SpamGuard(os.environ['SPAMGUARD_ADDRESS'], fallback=Fallback(grace=-1))
        assessment = spam_guard.score(event_pb2.EVENT_KIND_SIGN_UP, '203.0.113.9')
        print(assessment_pb2.Verdict.Name(assessment.verdict), assessment.source)
        spam_guard.close()"
        """;
}

/// <summary>curl.</summary>
public sealed class CurlExample() : ExampleFixture("curl")
{
    public override string Program => "./sign-up.sh";

    public override string AuthorityFlag => "--cacert";

    public override string BytesAnswer => "REPORT_RESULT_APPLIED";

    /// <summary>In the error only, which it writes as it came.</summary>
    public override string Again => "";

    public override string Timed(string seconds) => $"""
        mkdir clock
        printf '%s\n' {seconds} > clock/times
        printf '#!/bin/sh\nhead -n 1 clock/times\nsed -i 1d clock/times\n' > clock/date
        chmod +x clock/date
        for second in {seconds}; do echo 192.0.2.5; done | PATH="$PWD/clock:$PATH" {Program} | sed 's/ by / /; s/:.*//'
        """;

    public override string Bytes => """
        token=$(curl -s -H 'content-type: application/json' "$SPAMGUARD_URL/v1/events:score" -d '{"event":{"kind":"EVENT_KIND_MESSAGE","addressBytes":"xjNkBw=="}}' | grep -o '"decisionToken": *"[^"]*')
        curl -s -H 'content-type: application/json' "$SPAMGUARD_URL/v1/events:report" -d "{\"decisionToken\":\"${token##*\"}\",\"label\":\"OUTCOME_LABEL_SPAM\"}"
        """;
}
