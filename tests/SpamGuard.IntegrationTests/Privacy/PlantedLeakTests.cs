using System.Diagnostics;
using System.Text;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Prometheus;
using SpamGuard.Testing;
using SpamGuard.Testing.Privacy;

namespace SpamGuard.IntegrationTests.Privacy;

/// <summary>The canary test proves something only if it can fail: a leak planted in each sink, and in each form, is found.</summary>
[Collection(nameof(CanaryCollection))]
public sealed class PlantedLeakTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    private const string Key = "sg:a:{planted}";

    /// <summary>Made by other programs than the detector's.</summary>
    public static TheoryData<string, string> TextForms => new()
    {
        { "as sent", "198.19.231.149" },
        { "mapped", "::FFFF:198.19.231.149" },
        { "network", "198.19.231.0/24" },
        { "number", "3323193237" },
        { "number, reversed", "2514949062" },
        { "signed number", "-971774059" },
        { "hex", "c613e795" },
        { "hex with colons", "c6:13:e7:95" },
        { "hex, reversed", "95E713C6" },
        { "base64 of the bytes", "xhPnlQ==" },
        { "base64 of the text", "MTk4LjE5LjIzMS4xNDk=" },
        { "base64 of a body with it", "eyJhZGRyZXNzIjoiMTk4LjE5LjIzMS4xNDkifQ==" },
        { "MD5 of the text", "97589ff37c3bfef70139ac55f68104d0" },
        { "MD5 of the bytes, 8 bytes of it", "71d13fc6fe9d73a2" },
        { "SHA-1 of the text", "b03309cc0a84fffe4b4ec7695eb9dcbf91a7cf26" },
        { "SHA-256 of the text, 12 bytes of it", "69b77b3aca15074c4cd759c7" },
        { "SHA-256 of the bytes, base64url of 12 bytes", "NzVzNmPxp7CQG-mw" },
        { "SHA-512 of the text, 16 bytes of it", "DBC89DFB0C6242C232EFDB78BBA780EE" },
        { "BLAKE2b of the bytes", "14d5d9186c016e1db4a672eae47ff301d43fce2ae09980403c69bf4d93777864" },
        { "CRC-32 of the text", "e8264c19" },
        { "IPv6 as sent", "2001:db8:5a17:c0de:9b3e:71d4:a6f8:2c53" },
        { "IPv6 in capitals", "2001:DB8:5A17:C0DE:9B3E:71D4:A6F8:2C53" },
        { "IPv6 expanded", "2001:0db8:5a17:c0de:9b3e:71d4:a6f8:2c53" },
        { "IPv6 /64", "2001:db8:5a17:c0de::/64" },
        { "IPv6 number", "42540766439164959835404576625887030355" },
        { "IPv6 hex", "20010db85a17c0de9b3e71d4a6f82c53" },
        { "IPv6 hex of the /64", "20010DB85A17C0DE" },
        { "IPv6 base64", "IAENuFoXwN6bPnHUpvgsUw" },
        { "IPv6 MD5 of the bytes", "1212bab6ffad9d2e4505e6756d96b065" },
        { "IPv6 SHA-256 of the text", "e620c886ec496fc47b24ad67af54cb8e2306d55c" },
        { "account", "canary-account-8d41c6f2e97b" },
        { "content", "canary-content-27e0b95ad3c8" },
        { "reporter", "canary-reporter-f16a3b70d2e4" },
    };

    /// <summary>In hexadecimal.</summary>
    public static TheoryData<string, string> RawForms => new()
    {
        { "bytes", "c613e795" },
        { "bytes reversed", "95e713c6" },
        { "MD5 of the text", "97589ff37c3bfef70139ac55f68104d0" },
        { "SHA-256 of the text, 12 bytes of it", "69b77b3aca15074c4cd759c7" },
        { "SHA-512 of the bytes", "bd29a92e0f07faf0160c692dab44bb1c763a930f" },
        { "BLAKE2b of the text", "1bf9e931011f6ac8207c78d8622e30d6" },
        { "IPv6 bytes", "20010db85a17c0de9b3e71d4a6f82c53" },
        { "IPv6 bytes of the /64", "20010db85a17c0de" },
        { "IPv6 bytes reversed", "532cf8a6d4713e9bdec0175ab80d0120" },
        { "IPv6 SHA-1 of the bytes", "715aa2c1daef976b44853147ff7c959550d035cf" },
    };

    [Theory]
    [MemberData(nameof(TextForms))]
    public void Find_TextForm_IsFound(string form, string planted) =>
        Assert.True(Canaries.Detector.Find("log", $"met {planted} today", holdsBytes: false).Count > 0, form);

    [Theory]
    [MemberData(nameof(TextForms))]
    public async Task Find_TextFormInAValue_IsFound(string form, string planted)
    {
        await redis.FlushAsync();
        await redis.Admin.StringSetAsync(Key, planted).DefaultTimeout();

        await AssertFoundAsync(new KeyspaceSink(redis.Admin), form);
    }

    [Theory]
    [MemberData(nameof(RawForms))]
    public async Task Find_RawFormInAValueAndInACommand_IsFound(string form, string planted)
    {
        byte[] value = [1, 0, .. Convert.FromHexString(planted), 0, 7];
        await redis.FlushAsync();
        await using var monitor = new MonitorSink(redis.Endpoint, redis.Admin);
        await monitor.StartAsync();

        await redis.Admin.StringSetAsync(Key, value).DefaultTimeout();
        await monitor.CatchUpAsync();

        await AssertFoundAsync(new KeyspaceSink(redis.Admin), form);
        await AssertFoundAsync(monitor, form);
    }

    [Fact]
    public async Task Find_InAKeyAndInACommand_IsFound()
    {
        await redis.FlushAsync();
        await using var monitor = new MonitorSink(redis.Endpoint, redis.Admin);
        await monitor.StartAsync();

        await redis.Admin.StringSetAsync($"sg:a:{{{Canaries.V6}}}", "1").DefaultTimeout();
        await monitor.CatchUpAsync();

        await AssertFoundAsync(new KeyspaceSink(redis.Admin));
        await AssertFoundAsync(monitor);
    }

    [Fact]
    public async Task Find_InAFieldOfAHash_IsFound()
    {
        await redis.FlushAsync();
        await redis.Admin.HashSetAsync(Key, Canaries.V4, "1").DefaultTimeout();

        await AssertFoundAsync(new KeyspaceSink(redis.Admin));
    }

    [Theory]
    [InlineData("message")]
    [InlineData("state")]
    [InlineData("scope")]
    [InlineData("exception")]
    [InlineData("exception data")]
    public async Task Find_InALog_IsFound(string place)
    {
        using var logs = new LogCapture();
        using var loggers = LoggerFactory.Create(logging => logging.AddCapture(logs));
        var logger = loggers.CreateLogger("Planted");
        using (place == "scope" ? logger.BeginScope(new Dictionary<string, object>(StringComparer.Ordinal) { ["client"] = Canaries.V4 }) : null)
        {
            logger.Log(
                LogLevel.Trace,
                eventId: 7,
                place == "state" ? [KeyValuePair.Create<string, object?>("client", Canaries.V4)] : Array.Empty<KeyValuePair<string, object?>>(),
                place switch
                {
                    "exception" => new InvalidOperationException($"no {Canaries.V4}"),
                    "exception data" => new InvalidOperationException("outer", new InvalidOperationException("inner") { Data = { ["client"] = Canaries.V4 } }),
                    _ => null,
                },
                (_, _) => place == "message" ? $"met {Canaries.V4}" : "met somebody");
        }

        await AssertFoundAsync(new LogSink(logs));
    }

    [Theory]
    [InlineData(LogLevel.Trace)]
    [InlineData(LogLevel.Debug)]
    [InlineData(LogLevel.Information)]
    [InlineData(LogLevel.Warning)]
    [InlineData(LogLevel.Error)]
    [InlineData(LogLevel.Critical)]
    public async Task Find_InALogOfAnyLevel_IsFound(LogLevel level)
    {
        using var logs = new LogCapture();
        using var loggers = LoggerFactory.Create(logging => logging.AddCapture(logs));
        loggers.CreateLogger("Microsoft.AspNetCore.Planted").Log(level, "met {Client}", Canaries.V4);

        await AssertFoundAsync(new LogSink(logs));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Find_InAnExceptionThatIsCaught_IsFound(bool onlyInData)
    {
        using var exceptions = new ExceptionSink();
        Assert.Throws<InvalidOperationException>(() => Throw(onlyInData));

        await AssertFoundAsync(exceptions);
    }

    [Fact]
    public async Task Find_InAnExceptionThatNobodyLooksAt_IsFound()
    {
        using var exceptions = new ExceptionSink();
        Abandon();
        ExceptionSink.CollectUnobserved();

        await AssertFoundAsync(exceptions);
    }

    [Fact]
    public async Task Find_InALabelOfAMetric_IsFound()
    {
        var registry = Metrics.NewCustomRegistry();
        Metrics.WithCustomRegistry(registry).CreateCounter("planted", "Planted.", ["client"]).WithLabels(Canaries.V4).Inc();

        await AssertFoundAsync(new MetricsSink(async () =>
        {
            using var stream = new MemoryStream();
            await registry.CollectAndExportAsTextAsync(stream);
            return Encoding.UTF8.GetString(stream.ToArray());
        }));
    }

    [Theory]
    [InlineData("tag")]
    [InlineData("name")]
    [InlineData("event")]
    [InlineData("baggage")]
    [InlineData("state")]
    public async Task Find_InATrace_IsFound(string place)
    {
        using var traces = new TraceSink();
        using var source = new ActivitySource("planted");
        using (var activity = source.StartActivity("call")!)
        {
            _ = place switch
            {
                "tag" => activity.SetTag("client", Canaries.V4),
                "name" => Named(activity, $"call of {Canaries.V4}"),
                "event" => activity.AddEvent(new ActivityEvent("met", tags: new ActivityTagsCollection { ["client"] = Canaries.V4 })),
                "state" => Stated(activity, $"client={Canaries.V4}"),
                _ => activity.SetBaggage("client", Canaries.V4),
            };
        }

        await AssertFoundAsync(traces);
    }

    [Theory]
    [InlineData("detail")]
    [InlineData("trailer")]
    [InlineData("binary trailer")]
    [InlineData("body")]
    [InlineData("token")]
    public async Task Find_InAnAnswer_IsFound(string place)
    {
        var answers = new AnswerSink();
        switch (place)
        {
            case "detail":
                answers.Add(new RpcException(new Status(StatusCode.Internal, Canaries.V4)));
                break;
            case "trailer":
                answers.Add(new RpcException(new Status(StatusCode.Internal, ""), new Metadata { { "client", Canaries.V4 } }));
                break;
            case "binary trailer":
                answers.Add(new RpcException(new Status(StatusCode.Internal, ""), new Metadata { { "client-bin", Canaries.V4Bytes } }));
                break;
            case "body":
                answers.Add(new V1.ExplainResponse { PolicyRevision = Canaries.Account });
                break;
            default:
                answers.AddToken("AQAgAQ24WhfA3ps-cdSm-CxTAA"); // 01 00, the IPv6 address, 00
                break;
        }

        await AssertFoundAsync(answers);
    }

    [Fact]
    public void Find_KeyedHashesAndRandomBytes_FindsNothing()
    {
        var random = new byte[1 << 20];
        for (var i = 0; i < random.Length; i += 32)
        {
            System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(i)).CopyTo(random, i);
        }

        Assert.Empty(Canaries.Detector.Find("random", Canaries.Piece(random), holdsBytes: true));
        Assert.Empty(Canaries.Detector.Find("random", Convert.ToBase64String(random), holdsBytes: false));
        Assert.Empty(Canaries.Detector.Find("random", Convert.ToHexString(random), holdsBytes: false));
    }

    private static async Task AssertFoundAsync(ISink sink, string form = "the canary")
    {
        var leaks = await Canaries.Detector.FindAsync(sink);

        Assert.True(leaks.Count > 0, $"{form} was not found in {sink.Name}.");
        Assert.All(leaks, leak => Assert.Equal(sink.Name, leak.Sink));
    }

    private static void Throw(bool onlyInData) => throw (onlyInData
        ? new InvalidOperationException("nothing to see") { Data = { ["client"] = Canaries.V4 } }
        : new InvalidOperationException($"no {Canaries.V4}"));

    // In a method of its own, so that nothing holds the task when it is collected. Its exception is never thrown.
    private static void Abandon() => _ = Task.FromException(new InvalidOperationException($"no {Canaries.V4}"));

    private static Activity Stated(Activity activity, string state)
    {
        activity.TraceStateString = state;
        return activity;
    }

    private static Activity Named(Activity activity, string name)
    {
        activity.DisplayName = name;
        return activity;
    }
}
