using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using SpamGuard.Testing.Privacy;
using SpamGuard.V1;

namespace SpamGuard.IntegrationTests.Privacy;

/// <summary>Sends the canaries through every method, by gRPC and as JSON, well and badly; keeps all answers.</summary>
/// <param name="channel">To the server, by gRPC.</param>
/// <param name="url">Where its listeners are.</param>
internal sealed class CanaryCalls(GrpcChannel channel, Func<Listener, string> url) : IDisposable
{
    /// <summary>The trace that callers are in, and the span of theirs that calls are made in; it is sampled.</summary>
    public const string TraceId = "6b1f0c7ad9e24f3880c5b2e1749d3a56", CallerSpanId = "d1e8a04c9b7f2365";

    private static readonly string[] Paths =
        ["/v1/events:score", "/v1/events:preview", "/v1/decisions:explain", "/v1/events:report", "/v1/events:scoreBatch", "/v1/subjects:inspect", "/v1/subjects:erase", "/v1/overrides:set", .. CanaryOrders.Paths];

    private static readonly string TooLong = string.Concat(Enumerable.Repeat(Canaries.Account, 10));

    /// <summary>What a proxy or a tracer adds to a request; of all that the server has a use for the trace alone.</summary>
    public static readonly Metadata Forwarded = new()
    {
        { "x-forwarded-for", Canaries.V4 }, { "forwarded", $"for={Canaries.V4}" }, { "traceparent", $"00-{TraceId}-{CallerSpanId}-01" },
        { "tracestate", $"client={Canaries.V4}" }, { "baggage", $"client={Canaries.V4},account={Canaries.Account}" },
    };

    private readonly HttpClient _http = new();
    private readonly HashSet<MessageDescriptor> _sent = [];
    private string _lastToken = string.Empty;
    private string _lastOverride = string.Empty;
    private StatusCode _worstOfBatch;
    private Quality _lastQuality;
    private DisclosureServiceOpenResponse? _lastOpened;

    /// <summary>The real server in this process.</summary>
    public CanaryCalls(ServerFixture server)
        : this(server.Channel, server.Url)
    {
    }

    public AnswerSink Answers { get; } = new();

    private ScoringService.ScoringServiceClient Scoring => new(channel);

    private DisclosureService.DisclosureServiceClient Disclosures => new(channel);

    private CanaryEdge Edge => new(channel, url(Listener.Http), Answers);

    /// <summary>The methods of the interface that were not called: of them nothing is shown.</summary>
    public IReadOnlyList<string> Uncalled =>
    [
        .. ServiceDescriptors.All.SelectMany(static service => service.Methods)
            .Where(method => !_sent.Contains(method.InputType))
            .Select(static method => method.FullName),
    ];

    public void Dispose() => _http.Dispose();

    /// <summary>The address in every form that is taken, of both families.</summary>
    public static IEnumerable<Event> Events(EventKind kind) =>
    [
        Event(kind, new Event { Address = Canaries.V4 }),
        Event(kind, new Event { Address = Canaries.V4Mapped }),
        Event(kind, new Event { AddressBytes = ByteString.CopyFrom(Canaries.V4Bytes) }),
        Event(kind, new Event { Address = Canaries.V6 }),
        Event(kind, new Event { Address = Canaries.V6Upper }),
        Event(kind, new Event { AddressBytes = ByteString.CopyFrom(Canaries.V6Bytes) }),
    ];

    /// <summary>Everything that works. Returns the decision tokens.</summary>
    public async Task<IReadOnlyList<string>> GoodAsync()
    {
        var tokens = new List<string>();
        foreach (var spamEvent in Events(EventKind.SignUp).Concat(Events(EventKind.Message)))
        {
            var request = new ScoreRequest { Event = spamEvent, RequestId = Grpc.Events.NewRequestId() };
            tokens.Add(await ScoredAsync(request));
            tokens.Add(await ScoredAsync(request)); // the retry
            tokens.Add(await ScoredAsync(new ScoreRequest { Event = spamEvent }));
            Assert.Equal(StatusCode.OK, await SendAsync(new PreviewRequest { Event = spamEvent }));
            Assert.Equal(StatusCode.OK, await SendAsync(new PreviewRequest { DecisionToken = tokens[^1] }));
            Assert.Equal(StatusCode.OK, await SendAsync(new ExplainRequest { DecisionToken = tokens[^1] }));
            Assert.Equal(StatusCode.OK, await SendAsync(Report(new ReportOutcomeRequest { DecisionToken = tokens[^1] })));
            Assert.Equal(StatusCode.OK, await SendAsync(Report(new ReportOutcomeRequest { Event = spamEvent })));

            var json = JsonFormatter.Default.Format(request);
            Assert.Equal(HttpStatusCode.OK, await PostAsync("/v1/events:score", json));
            Assert.Equal(HttpStatusCode.OK, await PostAsync("/v1/events:score", $$"""{"event":{{JsonFormatter.Default.Format(spamEvent)}}}"""));
            Assert.Equal(HttpStatusCode.OK, await PostAsync("/v1/events:preview", $$"""{"event":{{JsonFormatter.Default.Format(spamEvent)}}}"""));
            Assert.Equal(HttpStatusCode.OK, await PostAsync("/v1/decisions:explain", $$"""{"decisionToken":"{{tokens[^1]}}"}"""));
            Assert.Equal(
                HttpStatusCode.OK,
                await PostAsync("/v1/events:report", JsonFormatter.Default.Format(Report(new ReportOutcomeRequest { DecisionToken = tokens[^2] }))));
            Assert.Equal(
                HttpStatusCode.OK, await PostAsync("/v1/events:report", JsonFormatter.Default.Format(Report(new ReportOutcomeRequest { Event = spamEvent }))));
            foreach (var subject in Subjects(spamEvent, tokens[^1]))
            {
                Assert.Equal(StatusCode.OK, await SendAsync(subject));
                Assert.Equal(HttpStatusCode.OK, await PostAsync(Paths[subject is InspectRequest ? 5 : 6], JsonFormatter.Default.Format(subject)));
            }

            foreach (var target in Targets(spamEvent, tokens[^1]))
            {
                Assert.Equal(HttpStatusCode.OK, await PostAsync(Paths[7], JsonFormatter.Default.Format(target)));
                Assert.Equal(StatusCode.OK, await SendAsync(target)); // and replaces it
            }

            Assert.Equal(StatusCode.OK, await SendAsync(new ScoreRequest { Event = spamEvent })); // as the operator says
        }

        Assert.Equal(StatusCode.OK, await SendAsync(new OverrideServiceListRequest()));
        Assert.Equal(StatusCode.OK, await SendAsync(new OverrideServiceClearRequest { Id = _lastOverride }));

        foreach (var address in (string[])[Canaries.V4, Canaries.V4Mapped, Canaries.V6, Canaries.V6Upper])
        {
            await OrderAsync(address);
        }

        Assert.Equal(StatusCode.OK, await SendAsync(new PolicyServiceGetRequest()));
        _sent.Add(await Edge.GoodAsync());
        Assert.Equal(StatusCode.OK, await SendAsync(new GetReportRequest()));
        foreach (var path in (string[])["", ".json", ".csv", "/digests"])
        {
            await GetAsync(Listener.Transparency, "/transparency" + path, HttpStatusCode.OK);
            await GetAsync(Listener.Transparency, $"/transparency{path}?from={Canaries.V4}&to={Canaries.V6}&page={Canaries.V4}", HttpStatusCode.BadRequest);
        }

        Assert.Equal(StatusCode.OK, await SendAsync(new RollRequest { EpochClass = EpochClass.Network })); // the tokens stay good
        var batch = Batch(Events(EventKind.SignUp).Concat(Events(EventKind.Message)).Select(spamEvent => new ScoreRequest { Event = spamEvent, RequestId = Grpc.Events.NewRequestId() }));
        for (var i = 0; i < 2; i++) // the second is the retry
        {
            Assert.Equal(StatusCode.OK, await SendAsync(batch));
            Assert.Equal(HttpStatusCode.OK, await PostAsync(Paths[4], JsonFormatter.Default.Format(batch)));
        }

        return tokens;
    }

    /// <summary>Everything that a caller can do wrong with an address in hand.</summary>
    public async Task BadAsync()
    {
        foreach (var request in BadRequests())
        {
            Assert.Equal(StatusCode.InvalidArgument, await SendAsync(request));
            var path = CanaryOrders.PathOf(request) ?? Paths[request switch { ScoreRequest => 0, PreviewRequest => 1, ExplainRequest => 2, ReportOutcomeRequest => 3, InspectRequest => 5, EraseRequest => 6, OverrideServiceSetRequest => 7, _ => 4 }];
            Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(path, JsonFormatter.Default.Format(request)));
        }

        await Edge.BadAsync();
        Assert.Equal(StatusCode.InvalidArgument, await SendAsync(new GetReportRequest { From = Canaries.V4, To = Canaries.V6 }));
        await GetAsync(Listener.Http, $"/v1/transparency:report?from={Canaries.V4}&to={Canaries.V6}", HttpStatusCode.BadRequest);
        var reused = new ScoreRequest { Event = Events(EventKind.SignUp).First(), RequestId = Grpc.Events.NewRequestId() };
        Assert.Equal(StatusCode.OK, await SendAsync(reused));
        reused.Event.Kind = EventKind.Message;
        Assert.Equal(StatusCode.InvalidArgument, await SendAsync(reused));
        Assert.Equal(
            StatusCode.ResourceExhausted,
            await SendAsync(new ScoreRequest { Event = new Event { Address = Canaries.V4, Content = new string('x', 300_000) } }));
        // Bad requests among good ones, one with the request id of another: the call is answered, and some of its items are errors.
        var good = new ScoreRequest { Event = Events(EventKind.Message).First(), RequestId = Grpc.Events.NewRequestId() };
        var other = new ScoreRequest { Event = Events(EventKind.SignUp).First(), RequestId = good.RequestId };
        var mixed = Batch([good, .. BadRequests().OfType<ScoreRequest>(), other]);
        Assert.Equal(StatusCode.InvalidArgument, await SendAsync(mixed));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(Paths[4], JsonFormatter.Default.Format(mixed)));
        foreach (var path in Paths)
        {
            foreach (var body in BadBodies())
            {
                Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(path, body));
            }

            await PostAsync(path, $"address={Canaries.V4}", "application/x-www-form-urlencoded");
        }

        foreach (var path in (string[])[$"/v1/events/{Canaries.V4}", $"/v1/events:score?address={Canaries.V4}", $"/{Canaries.V6}/v1/events:score"])
        {
            await PostAsync(path, "{}");
        }

        foreach (var listener in ServerFixture.Listeners)
        {
            await SendMalformedAsync(listener, $"GET /{Canaries.V4} HTTP/1.1\r\nHost: x\r\nx-forwarded-for {Canaries.V4}\r\n\r\n");
            await SendMalformedAsync(listener, $"GET {Canaries.V4} HTTP/1.1\r\nHost: x\r\n\r\n");
            await SendMalformedAsync(listener, $"GET / HTTP/1.1\r\nHost: {Canaries.V4} {Canaries.V6}\r\n\r\n");
            await SendMalformedAsync(listener, $"{Canaries.V6} / {Canaries.V4}\r\n\r\n");
            await SendMalformedAsync(listener, $"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {Canaries.V4}\r\n\r\n");
        }

        string[] methods =
        [
            "ScoringService/Score", "ScoringService/ScoreBatch", "ScoringService/Preview", "ScoringService/Explain", "FeedbackService/ReportOutcome",
            "SubjectService/Inspect", "SubjectService/Erase", "OverrideService/Set", "OverrideService/Clear", "DisclosureService/Open", "DisclosureService/Decide", "DisclosureService/Execute", "DisclosureService/Get",
            "DisclosureService/List", $"ScoringService/{Canaries.V4}",
        ];
        foreach (var method in methods)
        {
            await SendRawAsync(method, Encoding.UTF8.GetBytes($"{Canaries.V4} and {Canaries.V6}"));
        }
    }

    // In development nobody is a second person: the order is opened, and all else is refused.
    private async Task OrderAsync(string address)
    {
        Assert.Equal(StatusCode.OK, await SendAsync(CanaryOrders.Open(address)));
        var opened = _lastOpened!;
        var (decide, execute) = (CanaryOrders.Decide(opened, address), CanaryOrders.Execute(opened, address));
        Assert.Equal(StatusCode.PermissionDenied, await SendAsync(decide));
        Assert.Equal(StatusCode.FailedPrecondition, await SendAsync(execute));
        Assert.Equal(StatusCode.PermissionDenied, await SendAsync(CanaryOrders.Open(address, DisclosureCategory.Other)));
        Assert.Equal(StatusCode.OK, await SendAsync(new DisclosureServiceGetRequest { DisclosureId = opened.Disclosure.DisclosureId }));
        Assert.Equal(StatusCode.InvalidArgument, await SendAsync(new DisclosureServiceGetRequest { DisclosureId = address }));
        Assert.Equal(StatusCode.OK, await SendAsync(new DisclosureServiceListRequest()));
        Assert.Equal(StatusCode.InvalidArgument, await SendAsync(new DisclosureServiceListRequest { PageToken = address }));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(CanaryOrders.Paths[0], JsonFormatter.Default.Format(CanaryOrders.Open(address))));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(CanaryOrders.Paths[1], JsonFormatter.Default.Format(decide)));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(CanaryOrders.Paths[2], JsonFormatter.Default.Format(execute)));
    }

    /// <summary>Calls that do not wait for their answer; the store answers nothing meanwhile.</summary>
    public async Task ImpatientAsync()
    {
        foreach (var spamEvent in Events(EventKind.SignUp))
        {
            var lateBatch = await SendOnceAsync(Batch([new ScoreRequest { Event = spamEvent }]), deadline: TimeSpan.FromMilliseconds(40));
            Assert.True(lateBatch is StatusCode.DeadlineExceeded or StatusCode.Unavailable, lateBatch.ToString());
            var late = await SendOnceAsync(new ScoreRequest { Event = spamEvent }, deadline: TimeSpan.FromMilliseconds(40));
            Assert.True(late is StatusCode.DeadlineExceeded or StatusCode.OK, late.ToString());
            using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(40), TimeProvider.System);
            var left = await SendOnceAsync(new PreviewRequest { Event = spamEvent }, cancellation: cancel.Token);
            Assert.True(left is StatusCode.Cancelled or StatusCode.OK, left.ToString());
        }

        await StoreAwayAsync();
    }

    /// <summary>Calls that the store fails: they are answered without it, but for reports.</summary>
    public async Task StoreAwayAsync()
    {
        foreach (var spamEvent in Events(EventKind.Message))
        {
            var request = new ScoreRequest { Event = spamEvent, RequestId = Grpc.Events.NewRequestId() };
            await WithoutStoreAsync(request);
            await WithoutStoreAsync(request); // the retry
            var token = _lastToken;
            await WithoutStoreAsync(new PreviewRequest { Event = spamEvent });
            await WithoutStoreAsync(new PreviewRequest { DecisionToken = token });
            Assert.Equal(StatusCode.OK, await SendOnceAsync(new ExplainRequest { DecisionToken = token }));
            Assert.Equal(StatusCode.OK, await SendOnceAsync(Batch([new ScoreRequest { Event = spamEvent }])));
            Assert.Equal(
                (HttpStatusCode.OK, true), await PostOnceAsync(Paths[4], JsonFormatter.Default.Format(Batch([new ScoreRequest { Event = spamEvent }]))));
            Assert.Equal(StatusCode.Unavailable, await SendOnceAsync(Report(new ReportOutcomeRequest { Event = spamEvent })));
            Assert.Equal(StatusCode.Unavailable, await SendOnceAsync(Report(new ReportOutcomeRequest { DecisionToken = token })));
            foreach (var subject in Subjects(spamEvent, decisionToken: null))
            {
                Assert.Equal(StatusCode.Unavailable, await SendOnceAsync(subject));
                Assert.Equal(HttpStatusCode.ServiceUnavailable, (await PostOnceAsync(Paths[subject is InspectRequest ? 5 : 6], JsonFormatter.Default.Format(subject))).Status);
            }

            foreach (var path in (string[])["/v1/events:score", "/v1/events:preview"])
            {
                var (status, degraded) = await PostOnceAsync(path, $$"""{"event":{{JsonFormatter.Default.Format(spamEvent)}}}""");
                Assert.Equal((HttpStatusCode.OK, true), (status, degraded));
            }
        }
    }

    /// <summary>Waits until the store is used again.</summary>
    public async Task StoreBackAsync() =>
        Assert.Equal(StatusCode.OK, await SendAsync(new ScoreRequest { Event = Events(EventKind.SignUp).First() }));

    private static Event Event(EventKind kind, Event address)
    {
        address.Kind = kind;
        address.Account = Canaries.Account;
        address.Content = Canaries.Content;
        return address;
    }

    // By decision token where there is one, else by attestation.
    private static IEnumerable<IMessage> Subjects(Event spamEvent, string? decisionToken)
    {
        var (inspect, erase) = (new InspectRequest(), new EraseRequest());
        if (spamEvent.SourceCase == V1.Event.SourceOneofCase.Address)
        {
            (inspect.Address, erase.Address) = (spamEvent.Address, spamEvent.Address);
        }
        else
        {
            (inspect.AddressBytes, erase.AddressBytes) = (spamEvent.AddressBytes, spamEvent.AddressBytes);
        }

        if (decisionToken is null)
        {
            (inspect.Attestation, erase.Attestation) = ("card seen", "card seen");
        }
        else
        {
            (inspect.DecisionToken, erase.DecisionToken) = (decisionToken, decisionToken);
        }

        return [inspect, erase];
    }

    // By address, by token and by the network.
    private static IEnumerable<OverrideServiceSetRequest> Targets(Event spamEvent, string decisionToken)
    {
        yield return spamEvent.SourceCase == V1.Event.SourceOneofCase.Address
            ? Override(new OverrideServiceSetRequest { Address = spamEvent.Address })
            : Override(new OverrideServiceSetRequest { AddressBytes = spamEvent.AddressBytes });
        yield return Override(new OverrideServiceSetRequest { DecisionToken = decisionToken });
        yield return Override(new OverrideServiceSetRequest { Network = $"{Canaries.V4[..Canaries.V4.LastIndexOf('.')]}.0/24" });
    }

    private static OverrideServiceSetRequest Override(OverrideServiceSetRequest request)
    {
        request.Verdict = Verdict.Allow;
        request.Reason = request.Reason.Length == 0 ? "an appeal, case 17" : request.Reason;
        request.Ttl = new() { Seconds = 3600 };
        return request;
    }

    private static ScoreBatchRequest Batch(IEnumerable<ScoreRequest> requests) => new() { Requests = { requests } };

    private static ReportOutcomeRequest Report(ReportOutcomeRequest report)
    {
        report.Label = OutcomeLabel.Spam;
        report.Reporter = Canaries.Reporter;
        return report;
    }

    private static IEnumerable<IMessage> BadRequests()
    {
        Event[] events =
        [
            Event(EventKind.SignUp, new Event { Address = Canaries.V4 + ":443" }),
            Event(EventKind.SignUp, new Event { Address = $"[{Canaries.V6}]" }),
            Event(EventKind.SignUp, new Event { Address = $"for={Canaries.V4}" }),
            Event(EventKind.SignUp, new Event { Address = "0.0.0.0" }),
            Event((EventKind)99, new Event { Address = Canaries.V4 }),
            new() { Kind = EventKind.SignUp, Address = Canaries.V4, Account = TooLong },
            new() { Kind = EventKind.Message, AddressBytes = ByteString.CopyFrom([.. Canaries.V6Bytes, 0]) },
        ];
        foreach (var spamEvent in events)
        {
            yield return new ScoreRequest { Event = spamEvent };
            yield return new PreviewRequest { Event = spamEvent };
            yield return Report(new ReportOutcomeRequest { Event = spamEvent });
        }

        string[] attestations = ["", TooLong + TooLong, $"came from {Canaries.V4}", $"came from [{Canaries.V6}]:443"];
        foreach (var attestation in attestations)
        {
            yield return new InspectRequest { Address = Canaries.V4, Attestation = attestation };
            yield return new EraseRequest { AddressBytes = ByteString.CopyFrom(Canaries.V6Bytes), Attestation = attestation };
        }

        yield return new EraseRequest { Address = Canaries.V4 + "/32", Attestation = "card seen" };
        foreach (var network in (string[])[Canaries.V4, Canaries.V4 + "/24", Canaries.V4 + "/32", Canaries.V6 + "/48", Canaries.V6 + "/129", $"[{Canaries.V6}]/64"])
        {
            yield return Override(new OverrideServiceSetRequest { Network = network });
        }

        yield return Override(new OverrideServiceSetRequest { Address = Canaries.V4, Reason = $"came from {Canaries.V4}" });
        yield return Override(new OverrideServiceSetRequest { Address = Canaries.V4 + ":443" });
        yield return Override(new OverrideServiceSetRequest { DecisionToken = Canaries.V4 });

        foreach (var order in CanaryOrders.Bad())
        {
            yield return order;
        }

        yield return Batch([]);
        yield return Batch(Enumerable.Repeat(new ScoreRequest { Event = Events(EventKind.SignUp).First() }, 257));
        yield return new ScoreRequest { Event = Events(EventKind.SignUp).First(), RequestId = Canaries.V4 };
        yield return Report(new ReportOutcomeRequest { Event = Events(EventKind.SignUp).First(), RequestId = Canaries.V4 });
        foreach (var token in (string[])[Canaries.V4, Canaries.V6, "AQAgAQ24WhfA3ps-cdSm-CxTAA"])
        {
            yield return new InspectRequest { Address = Canaries.V4, DecisionToken = token };
            yield return new EraseRequest { Address = Canaries.V6, DecisionToken = token };
            yield return new PreviewRequest { DecisionToken = token };
            yield return new ExplainRequest { DecisionToken = token };
            yield return Report(new ReportOutcomeRequest { DecisionToken = token });
        }
    }

    /// <summary>What is no request, with an address where something else belongs.</summary>
    private static IEnumerable<string> BadBodies() =>
    [
        Canaries.V4,
        $"\"{Canaries.V4}\"",
        $"[\"{Canaries.V6}\"]",
        $$"""{"requests":"{{Canaries.V4}}","event":"{{Canaries.V4}}","decisionToken":["{{Canaries.V4}}"],"label":"{{Canaries.V4}}"}""",
        $$"""{"requests":[{"event":{"kind":"{{Canaries.V4}}"} },"{{Canaries.V6}}",{"requestId":{{Canaries.V4}}}],"event":"{{Canaries.V4}}","decisionToken":["{{Canaries.V4}}"]}""",
        $$"""{"event":{"kind":"{{Canaries.V4}}","addressBytes":"{{Canaries.V6}}"},"label":"{{Canaries.V6}}"}""",
        $$"""{"event":{"addressBytes":"{{Canaries.V4}}"},"label":"{{Canaries.V4}}"}""",
        $$"""{"event":{"account":{{Canaries.V4}}},"decisionToken":{{Canaries.V4}}}""",
        $$"""{"{{Canaries.V4}}":{"address":"{{Canaries.V4}}""",
    ];

    private async Task WithoutStoreAsync(IMessage request)
    {
        Assert.Equal(StatusCode.OK, await SendOnceAsync(request));
        Assert.Equal(Quality.Degraded, _lastQuality);
    }

    private async Task<string> ScoredAsync(ScoreRequest request)
    {
        Assert.Equal(StatusCode.OK, await SendAsync(request));
        return _lastToken;
    }

    /// <summary>Asks until the store has a part in the answer: the machine may be busy with something else.</summary>
    private async Task<StatusCode> SendAsync(IMessage request)
    {
        var status = StatusCode.Unavailable;
        await Poll.UntilAsync(async () =>
        {
            status = await SendOnceAsync(request);
            return status != StatusCode.Unavailable && (status != StatusCode.OK || _lastQuality != Quality.Degraded);
        }).DefaultTimeout();
        return status;
    }

    private async Task<HttpStatusCode> PostAsync(string path, string body, string type = "application/json")
    {
        var status = HttpStatusCode.ServiceUnavailable;
        await Poll.UntilAsync(async () =>
        {
            (status, var degraded) = await PostOnceAsync(path, body, type);
            return status != HttpStatusCode.ServiceUnavailable && !degraded;
        }).DefaultTimeout();
        return status;
    }

    private async Task<StatusCode> SendOnceAsync(IMessage request, TimeSpan? deadline = null, CancellationToken cancellation = default)
    {
        _sent.Add(request.Descriptor);
        var options = new CallOptions(
            Forwarded, deadline is { } limit ? TimeProvider.System.GetUtcNow().UtcDateTime + limit : null, cancellation);
        try
        {
            switch (request)
            {
                case ScoreRequest score:
                    return await AnsweredAsync(Scoring.ScoreAsync(score, options));
                case ScoreBatchRequest batch:
                    var status = await AnsweredAsync(Scoring.ScoreBatchAsync(batch, options));
                    return status == StatusCode.OK ? _worstOfBatch : status;
                case PreviewRequest preview:
                    return await AnsweredAsync(Scoring.PreviewAsync(preview, options));
                case ExplainRequest explain:
                    return await AnsweredAsync(Scoring.ExplainAsync(explain, options));
                case ReportOutcomeRequest report:
                    return await AnsweredAsync(new FeedbackService.FeedbackServiceClient(channel).ReportOutcomeAsync(report, options));
                case InspectRequest inspect:
                    return await AnsweredAsync(new SubjectService.SubjectServiceClient(channel).InspectAsync(inspect, options));
                case EraseRequest erase:
                    return await AnsweredAsync(new SubjectService.SubjectServiceClient(channel).EraseAsync(erase, options));
                case GetReportRequest report:
                    return await AnsweredAsync(new TransparencyService.TransparencyServiceClient(channel).GetReportAsync(report, options));
                case OverrideServiceSetRequest set:
                    return await AnsweredAsync(new OverrideService.OverrideServiceClient(channel).SetAsync(set, options));
                case OverrideServiceClearRequest clear:
                    return await AnsweredAsync(new OverrideService.OverrideServiceClient(channel).ClearAsync(clear, options));
                case OverrideServiceListRequest list:
                    return await AnsweredAsync(new OverrideService.OverrideServiceClient(channel).ListAsync(list, options));
                case RollRequest roll:
                    return await AnsweredAsync(new EpochService.EpochServiceClient(channel).RollAsync(roll, options));
                case DisclosureServiceOpenRequest open:
                    return await AnsweredAsync(Disclosures.OpenAsync(open, options));
                case DisclosureServiceDecideRequest decide:
                    return await AnsweredAsync(Disclosures.DecideAsync(decide, options));
                case DisclosureServiceExecuteRequest execute:
                    return await AnsweredAsync(Disclosures.ExecuteAsync(execute, options));
                case DisclosureServiceGetRequest get:
                    return await AnsweredAsync(Disclosures.GetAsync(get, options));
                case DisclosureServiceListRequest list:
                    return await AnsweredAsync(Disclosures.ListAsync(list, options));
                case PolicyServiceGetRequest policy:
                    return await AnsweredAsync(new PolicyService.PolicyServiceClient(channel).GetAsync(policy, options));
                default:
                    throw new ArgumentOutOfRangeException(nameof(request));
            }
        }
        catch (RpcException error)
        {
            Answers.Add(error);
            return error.StatusCode;
        }
    }

    private async Task<StatusCode> AnsweredAsync<T>(AsyncUnaryCall<T> call)
        where T : IMessage
    {
        using (call)
        {
            var response = await call.ResponseAsync.DefaultTimeout();
            Answers.Add(response);
            _lastQuality = (response as ScoreResponse)?.Assessment.Quality ?? (response as PreviewResponse)?.Assessment.Quality ?? Quality.Unspecified;
            _lastOpened = response as DisclosureServiceOpenResponse ?? _lastOpened;
            if (response is ScoreResponse score)
            {
                _lastToken = score.Assessment.DecisionToken;
                Answers.AddToken(_lastToken);
            }

            _lastOverride = (response as OverrideServiceSetResponse)?.Id ?? _lastOverride;
            if (response is ScoreBatchResponse batch)
            {
                foreach (var result in batch.Results.Where(static result => result.Assessment is not null))
                {
                    Answers.AddToken(result.Assessment.DecisionToken);
                }

                _worstOfBatch = (StatusCode)batch.Results.Max(static result => result.Status?.Code ?? 0);
            }

            Answers.Add(await call.ResponseHeadersAsync.DefaultTimeout());
            Answers.Add(call.GetTrailers());
            return call.GetStatus().StatusCode;
        }
    }

    private async Task<(HttpStatusCode Status, bool Degraded)> PostOnceAsync(string path, string body, string type = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url(Listener.Http) + path);
        request.Content = new StringContent(body, Encoding.UTF8, type);
        var answer = await SendAsync(request);
        if (answer.Status == HttpStatusCode.OK && (path == Paths[0] || path == Paths[4]))
        {
            using var document = JsonDocument.Parse(answer.Body);
            var results = path == Paths[0] ? [document.RootElement] : document.RootElement.GetProperty("results").EnumerateArray().ToArray();
            foreach (var result in results)
            {
                if (result.TryGetProperty("assessment", out var assessment))
                {
                    Answers.AddToken(assessment.GetProperty("decisionToken").GetString()!);
                }
            }
        }

        return (answer.Status, answer.Body.Contains("QUALITY_DEGRADED", StringComparison.Ordinal));
    }

    private async Task GetAsync(Listener listener, string path, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url(listener) + path);
        Assert.Equal(expected, (await SendAsync(request)).Status);
    }

    /// <summary>A gRPC message that is none.</summary>
    private async Task SendRawAsync(string method, byte[] message)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{url(Listener.Grpc)}/spamguard.v1.{method}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([0, 0, 0, 0, (byte)message.Length, .. message]),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        await SendAsync(request);
    }

    /// <summary>What no HTTP server can read, as a broken proxy sends it.</summary>
    private async Task SendMalformedAsync(Listener listener, string request)
    {
        var at = new Uri(url(listener));
        using var socket = new TcpClient(at.Host, at.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request)).DefaultTimeout();
        socket.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        Answers.Add(await reader.ReadToEndAsync().DefaultTimeout());
    }

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpRequestMessage request)
    {
        foreach (var header in Forwarded)
        {
            request.Headers.Add(header.Key, header.Value);
        }

        using var response = await _http.SendAsync(request).DefaultTimeout();
        var body = await response.Content.ReadAsStringAsync().DefaultTimeout();
        Answers.Add(body);
        Answers.Add(response.Headers.ToString());
        Answers.Add(response.TrailingHeaders.ToString());
        return (response.StatusCode, body);
    }
}
