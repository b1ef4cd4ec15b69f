using Envoy.Config.Core.V3;
using Envoy.Service.Auth.V3;
using Google.Protobuf;
using Grpc.Core;
using SpamGuard.Testing;
using SpamGuard.Testing.Privacy;
using SpamGuard.V1;

namespace SpamGuard.Promise.World;

/// <summary>Callers of the service: real clients, each with the one role that its call needs, and all that they were answered.</summary>
/// <param name="service"><see cref="Service"/>.</param>
/// <param name="desk"><see cref="Desk"/>.</param>
internal sealed class Traffic(ServiceProcess service, ServiceProcess desk)
{
    private const string Attestation = "identity card seen, case 17";
    private const int MostAttempts = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Lock _counting = new();
    private readonly Dictionary<string, (int Calls, int Answers)> _calls = new(StringComparer.Ordinal);

    /// <summary>Who scores.</summary>
    public ServiceProcess Service { get; set; } = service;

    /// <summary>Who serves the privileged calls; where everything is one process, the same.</summary>
    public ServiceProcess Desk { get; set; } = desk;

    /// <summary>Who enters orders.</summary>
    public Clerk Clerk { get; } = new();

    /// <summary>Everything that was answered.</summary>
    public AnswerSink Answers { get; } = new();

    /// <summary>How many calls were made of each method (<c>Service/Method</c>), refused ones too, and how many of them were answered.</summary>
    public IReadOnlyDictionary<string, (int Calls, int Answers)> Calls
    {
        get
        {
            lock (_counting)
            {
                return new Dictionary<string, (int, int)>(_calls, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>The canary addresses, in every form that is taken.</summary>
    public static IEnumerable<Event> CanaryEvents(EventKind kind) =>
        from address in (Event[])
        [
            new() { Address = Canaries.V4 },
            new() { Address = Canaries.V4Mapped },
            new() { AddressBytes = ByteString.CopyFrom(Canaries.V4Bytes) },
            new() { Address = Canaries.V6 },
            new() { Address = Canaries.V6Upper },
            new() { AddressBytes = ByteString.CopyFrom(Canaries.V6Bytes) },
        ]
        select new Event(address) { Kind = kind, Account = Canaries.Account, Content = Canaries.Content };

    /// <summary>Sends the canaries through every method, well and badly.</summary>
    public async Task CanariesAsync(CancellationToken cancellationToken)
    {
        foreach (var spamEvent in CanaryEvents(EventKind.SignUp).Concat(CanaryEvents(EventKind.Message)))
        {
            var request = new ScoreRequest { Event = spamEvent, RequestId = NewRequestId() };
            var token = (await ScoreAsync(request)).DecisionToken;
            await ScoreAsync(request); // the retry
            await PreviewAsync(new PreviewRequest { Event = spamEvent });
            await PreviewAsync(new PreviewRequest { DecisionToken = token });
            await TryAsync("ScoringService/Explain", () => Scoring.ExplainAsync(new ExplainRequest { DecisionToken = token }));
            await ReportAsync(new ReportOutcomeRequest { DecisionToken = token });
            await ReportAsync(new ReportOutcomeRequest { Event = spamEvent });
            await TryAsync("ScoringService/ScoreBatch", () => Scoring.ScoreBatchAsync(new ScoreBatchRequest { Requests = { new ScoreRequest { Event = spamEvent }, Bad() } }));
            await TryAsync("ScoringService/Score", () => Scoring.ScoreAsync(Bad()));
            await TryAsync("ScoringService/Explain", () => Scoring.ExplainAsync(new ExplainRequest { DecisionToken = spamEvent.Address }));
            await ReportAsync(new ReportOutcomeRequest { DecisionToken = spamEvent.Address });
            await CheckAsync(spamEvent);
            cancellationToken.ThrowIfCancellationRequested();
        }

        foreach (var address in (string[])[Canaries.V4, Canaries.V6])
        {
            await TryAsync("TransparencyService/GetReport", () => Reports.GetReportAsync(new GetReportRequest { From = address, To = address }));
        }

        // What was learned is forgotten by a roll and by an erasure, so these come first, and the canaries are sent once more.
        await TryAsync("PolicyService/Get", () => new PolicyService.PolicyServiceClient(Service.As(Callers.Operator)).GetAsync(new PolicyServiceGetRequest()));
        foreach (var spamEvent in CanaryEvents(EventKind.SignUp))
        {
            var token = (await ScoreAsync(new ScoreRequest { Event = spamEvent, RequestId = NewRequestId() })).DecisionToken;
            await InspectAsync(Inspect(spamEvent, token));
            await InspectAsync(Inspect(spamEvent, token: null));
            await InspectAsync(new InspectRequest { Address = spamEvent.Address, Attestation = spamEvent.Address });
            await OverrideAsync(spamEvent, token);
            if (spamEvent.SourceCase == Event.SourceOneofCase.Address)
            {
                await new Orders(this).CanaryAsync(spamEvent.Address);
            }

            await EraseAsync(new EraseRequest { Address = spamEvent.Address, AddressBytes = spamEvent.AddressBytes, DecisionToken = token });
            await EraseAsync(new EraseRequest { Address = spamEvent.Address, Attestation = Attestation });
            await ScoreAsync(new ScoreRequest { Event = spamEvent, RequestId = NewRequestId() });
        }
    }

    /// <summary>Has an operator say a verdict of somebody; what is in force then, or <c>null</c> where it is refused.</summary>
    public Task<OverrideServiceSetResponse?> SetAsync(OverrideServiceSetRequest request, string caller = Callers.Operator) =>
        TryAsync("OverrideService/Set", () => Overrides(caller).SetAsync(request));

    /// <summary>Has an operator take it back.</summary>
    public Task<OverrideServiceClearResponse?> ClearAsync(string id, string caller = Callers.Operator) =>
        TryAsync("OverrideService/Clear", () => Overrides(caller).ClearAsync(new OverrideServiceClearRequest { Id = id }));

    /// <summary>What operators say, as the desk lists it.</summary>
    public async Task<IReadOnlyList<Override>> OverridesAsync(string caller = Callers.Operator) =>
        (await TryAsync("OverrideService/List", () => Overrides(caller).ListAsync(new OverrideServiceListRequest())))?.Overrides ?? [];

    /// <summary>Asks the desk what is held on an address.</summary>
    public Task<InspectResponse?> InspectAsync(InspectRequest request) => TryAsync("SubjectService/Inspect", () => Subjects.InspectAsync(request));

    /// <summary>The same, identified otherwise than by a decision token.</summary>
    public Task<InspectResponse?> InspectAsync(string address) => InspectAsync(new InspectRequest { Address = address, Attestation = Attestation });

    /// <summary>Has the desk erase what is held on an address.</summary>
    public Task<EraseResponse?> EraseAsync(EraseRequest request) => TryAsync("SubjectService/Erase", () => Subjects.EraseAsync(request));

    /// <summary>The same, identified otherwise than by a decision token.</summary>
    public Task<EraseResponse?> EraseAsync(string address) => EraseAsync(new EraseRequest { Address = address, Attestation = Attestation });

    /// <summary>The same: <see cref="Reply.Served"/>, or why not.</summary>
    public async Task<string> AnswerToEraseAsync(string address) =>
        (await AskAsync("SubjectService/Erase", () => Subjects.EraseAsync(new EraseRequest { Address = address, Attestation = Attestation }))).Refused is { } refused ? Reply.Of(refused) : Reply.Served;

    /// <summary>Has the desk roll all epochs.</summary>
    public Task<RollResponse?> RollAsync() =>
        TryAsync("EpochService/Roll", () => new EpochService.EpochServiceClient(Desk.As(Callers.Operator)).RollAsync(new RollRequest()));

    /// <summary>An address that no other clause uses, in a network of its own.</summary>
    public static Event SignUp(string address) => new() { Kind = EventKind.SignUp, Address = address };

    public static string NewRequestId() => Guid.NewGuid().ToString();

    /// <summary>Scores until the store had a part in the answer.</summary>
    public async Task<Assessment> ScoreAsync(ScoreRequest request)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await TryAsync("ScoringService/Score", () => Scoring.ScoreAsync(request));
            if (answer is { Assessment.Quality: Quality.Full })
            {
                return answer.Assessment;
            }

            await AgainAsync(attempt);
        }
    }

    /// <summary>Previews until the store had a part in the answer.</summary>
    public async Task<Assessment> PreviewAsync(PreviewRequest request)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await TryAsync("ScoringService/Preview", () => Scoring.PreviewAsync(request));
            if (answer is { Assessment.Quality: Quality.Full })
            {
                return answer.Assessment;
            }

            await AgainAsync(attempt);
        }
    }

    /// <summary>How often an address, or what it belongs to, counts as met, without counting it.</summary>
    public async Task<CountBucket> MetAsync(string address, SubjectLevel level) =>
        (await PreviewAsync(new PreviewRequest { Event = SignUp(address) })).Evidence.FirstOrDefault(evidence => evidence.Level == level)?.Units ?? CountBucket.None;

    /// <summary>Asks why something was decided; the status that the service answers with.</summary>
    public async Task<StatusCode> ExplainAsync(string decisionToken)
    {
        return (await AskAsync("ScoringService/Explain", () => Scoring.ExplainAsync(new ExplainRequest { DecisionToken = decisionToken }))).Refused?.StatusCode ?? StatusCode.OK;
    }

    /// <summary>What the desk publishes, of all the time that it knows.</summary>
    public Task<GetReportResponse?> PublishedAsync() => TryAsync("TransparencyService/GetReport", () => Reports.GetReportAsync(new GetReportRequest { All = true }));

    // By address, by token, as a network and with an address where none may be; and taken back, for no other clause knows of it.
    private async Task OverrideAsync(Event spamEvent, string token)
    {
        OverrideServiceSetRequest[] requests =
        [
            spamEvent.SourceCase == Event.SourceOneofCase.AddressBytes ? new() { AddressBytes = spamEvent.AddressBytes } : new() { Address = spamEvent.Address },
            new() { DecisionToken = token },
            new() { Network = $"{Canaries.V4[..Canaries.V4.LastIndexOf('.')]}.0/24" },
            new() { Network = spamEvent.Address },
            new() { Address = Canaries.V4, Reason = Canaries.V4 },
        ];
        foreach (var request in requests)
        {
            request.Verdict = Verdict.Challenge;
            request.Reason = request.Reason.Length == 0 ? "an appeal, case 17" : request.Reason;
            request.Ttl = new() { Seconds = 60 };
            if (await SetAsync(request) is { } set)
            {
                await OverridesAsync();
                await ClearAsync(set.Id);
            }
        }

        await ClearAsync(Canaries.V4);
    }

    // As Envoy asks: by the source of a connection, and with what else a request has.
    private Task<CheckResponse?> CheckAsync(Event spamEvent) => TryAsync("Authorization/Check", () => new Authorization.AuthorizationClient(Service.As(Callers.Scorer)).CheckAsync(new CheckRequest
    {
        Attributes = new AttributeContext
        {
            Source = new AttributeContext.Types.Peer { Address = new Address { SocketAddress = new SocketAddress { Address = spamEvent.Address } } },
            Request = new AttributeContext.Types.Request { Http = new AttributeContext.Types.HttpRequest { Headers = { ["cookie"] = Canaries.Account, ["x-forwarded-for"] = Canaries.V4 } } },
            ContextExtensions = { ["kind"] = spamEvent.Kind == EventKind.SignUp ? "sign_up" : "message" },
        },
    }));

    private OverrideService.OverrideServiceClient Overrides(string caller = Callers.Operator) => new(Desk.As(caller));

    private TransparencyService.TransparencyServiceClient Reports => new(Desk.As(Callers.Reporter));

    private ScoringService.ScoringServiceClient Scoring => new(Service.As(Callers.Scorer));

    private SubjectService.SubjectServiceClient Subjects => new(Desk.As(Callers.Privacy));

    private static InspectRequest Inspect(Event spamEvent, string? token)
    {
        var request = new InspectRequest();
        if (spamEvent.SourceCase == Event.SourceOneofCase.AddressBytes)
        {
            request.AddressBytes = spamEvent.AddressBytes;
        }
        else
        {
            request.Address = spamEvent.Address;
        }

        if (token is null)
        {
            request.Attestation = Attestation;
        }
        else
        {
            request.DecisionToken = token;
        }

        return request;
    }

    private static ScoreRequest Bad() => new() { Event = new Event { Address = Canaries.V4 + ":443", Account = Canaries.Account } };

    private static Task AgainAsync(int attempt) =>
        attempt < MostAttempts
            ? Task.Delay(Pause, TimeProvider.System)
            : throw new PromiseException($"The service did not answer with its store's part in {MostAttempts} attempts.");

    /// <summary>Reports spam; as the canary, where no reporter is named.</summary>
    public Task<ReportOutcomeResponse?> ReportAsync(ReportOutcomeRequest report)
    {
        report.Label = OutcomeLabel.Spam;
        report.Reporter = report.Reporter.Length == 0 ? Canaries.Reporter : report.Reporter;
        return TryAsync("FeedbackService/ReportOutcome", () => new FeedbackService.FeedbackServiceClient(Service.As(Callers.Reporter)).ReportOutcomeAsync(report));
    }

    /// <summary>Calls, and keeps what is answered.</summary>
    /// <param name="method"><c>Service/Method</c>.</param>
    /// <param name="send">Sends it.</param>
    /// <returns>The answer, or the refusal.</returns>
    public async Task<(T? Answer, RpcException? Refused)> AskAsync<T>(string method, Func<AsyncUnaryCall<T>> send)
        where T : class, IMessage
    {
        Count(method, calls: 1, answers: 0);
        try
        {
            using var call = send();
            var answer = await call.ResponseAsync.DefaultTimeout();
            Answers.Add(answer);
            Answers.Add(await call.ResponseHeadersAsync.DefaultTimeout());
            Answers.Add(call.GetTrailers());
            Count(method, calls: 0, answers: 1);
            return (answer, null);
        }
        catch (RpcException e)
        {
            Answers.Add(e);
            return (null, e);
        }
    }

    /// <summary>A call that somebody else made, such as the command line, was answered.</summary>
    public void Answered(string method) => Count(method, calls: 1, answers: 1);

    private async Task<T?> TryAsync<T>(string method, Func<AsyncUnaryCall<T>> send)
        where T : class, IMessage => (await AskAsync(method, send)).Answer;

    private void Count(string method, int calls, int answers)
    {
        lock (_counting)
        {
            var before = _calls.GetValueOrDefault(method);
            _calls[method] = (before.Calls + calls, before.Answers + answers);
        }
    }
}
