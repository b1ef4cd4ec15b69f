using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SpamGuard.Testing;
using SpamGuard.Testing.Privacy;
using SpamGuard.V1;

namespace SpamGuard.Promise.World;

/// <summary>Callers of the service: real clients, each with the one role that its call needs, and all that they were answered.</summary>
/// <param name="service">Who scores.</param>
/// <param name="desk">Who serves the privileged calls; where everything is one process, the same.</param>
/// <param name="answers">Where answers are kept.</param>
internal sealed class Traffic(ServiceProcess service, ServiceProcess desk, AnswerSink answers)
{
    private const string Attestation = "identity card seen, case 17";
    private const int MostAttempts = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Everything that was answered.</summary>
    public AnswerSink Answers => answers;

    /// <summary>How many calls were made, refused ones too.</summary>
    public int Calls { get; private set; }

    /// <summary>The methods that were called, as <c>Service/Method</c>.</summary>
    public ISet<string> Methods { get; } = new HashSet<string>(StringComparer.Ordinal);

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
            cancellationToken.ThrowIfCancellationRequested();
        }

        // What was learned is forgotten by a roll and by an erasure, so these come first, and the canaries are sent once more.
        await TryAsync("PolicyService/Get", () => new PolicyService.PolicyServiceClient(service.As(Callers.Operator)).GetAsync(new PolicyServiceGetRequest()));
        foreach (var spamEvent in CanaryEvents(EventKind.SignUp))
        {
            var token = (await ScoreAsync(new ScoreRequest { Event = spamEvent, RequestId = NewRequestId() })).DecisionToken;
            await InspectAsync(Inspect(spamEvent, token));
            await InspectAsync(Inspect(spamEvent, token: null));
            await InspectAsync(new InspectRequest { Address = spamEvent.Address, Attestation = spamEvent.Address });
            await OverrideAsync(spamEvent, token);
            if (spamEvent.SourceCase == Event.SourceOneofCase.Address)
            {
                await DiscloseAsync(spamEvent.Address);
            }

            await EraseAsync(new EraseRequest { Address = spamEvent.Address, AddressBytes = spamEvent.AddressBytes, DecisionToken = token });
            await EraseAsync(new EraseRequest { Address = spamEvent.Address, Attestation = Attestation });
            await ScoreAsync(new ScoreRequest { Event = spamEvent, RequestId = NewRequestId() });
        }
    }

    /// <summary>Has an operator say a verdict of somebody; what is in force then, or <c>null</c> where it is refused.</summary>
    public Task<OverrideServiceSetResponse?> SetAsync(OverrideServiceSetRequest request) => TryAsync("OverrideService/Set", () => Overrides.SetAsync(request));

    /// <summary>Has an operator take it back.</summary>
    public Task<OverrideServiceClearResponse?> ClearAsync(string id) =>
        TryAsync("OverrideService/Clear", () => Overrides.ClearAsync(new OverrideServiceClearRequest { Id = id }));

    /// <summary>An order on an address goes the whole way, by two people: it is opened, approved and executed. What is wrong on the way is tried first.</summary>
    public async Task<DisclosureServiceExecuteResponse?> DiscloseAsync(string address)
    {
        var (first, second) = (new DisclosureService.DisclosureServiceClient(desk.As(Callers.Legal)), new DisclosureService.DisclosureServiceClient(desk.As(Callers.Everything)));
        var order = new DisclosureServiceOpenRequest
        {
            OrderReference = Canaries.Account,
            Authority = Canaries.Content,
            AuthorityType = AuthorityType.Court,
            Country = "DE",
            Category = DisclosureCategory.Terrorism,
            LegalProcess = LegalProcess.CourtOrder,
            ValidUntil = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow().AddDays(1)),
            Addresses = { address },
        };
        if (await TryAsync("DisclosureService/Open", () => first.OpenAsync(order)) is not { } opened)
        {
            return null;
        }

        var id = opened.Disclosure.DisclosureId;
        var decision = new DisclosureServiceDecideRequest
        {
            DisclosureId = id, OrderKey = opened.OrderKey, OrderReference = order.OrderReference, Decision = DisclosureDecision.Approve, Reason = address, Addresses = { address },
        };
        await TryAsync("DisclosureService/Decide", () => second.DecideAsync(decision));
        decision.Reason = "the order is here";
        await TryAsync("DisclosureService/Decide", () => second.DecideAsync(decision));
        await TryAsync("DisclosureService/Get", () => first.GetAsync(new DisclosureServiceGetRequest { DisclosureId = id }));
        await TryAsync("DisclosureService/List", () => first.ListAsync(new DisclosureServiceListRequest()));
        await TryAsync("DisclosureService/Execute", () => first.ExecuteAsync(new DisclosureServiceExecuteRequest { DisclosureId = id, OrderKey = opened.OrderKey, Addresses = { address, address + "/32" } }));
        return await TryAsync("DisclosureService/Execute", () => first.ExecuteAsync(new DisclosureServiceExecuteRequest { DisclosureId = id, OrderKey = opened.OrderKey, Addresses = { address } }));
    }

    /// <summary>Asks the desk what is held on an address.</summary>
    public Task<InspectResponse?> InspectAsync(InspectRequest request) => TryAsync("SubjectService/Inspect", () => Subjects.InspectAsync(request));

    /// <summary>The same, identified otherwise than by a decision token.</summary>
    public Task<InspectResponse?> InspectAsync(string address) => InspectAsync(new InspectRequest { Address = address, Attestation = Attestation });

    /// <summary>Has the desk erase what is held on an address.</summary>
    public Task<EraseResponse?> EraseAsync(EraseRequest request) => TryAsync("SubjectService/Erase", () => Subjects.EraseAsync(request));

    /// <summary>The same, identified otherwise than by a decision token.</summary>
    public Task<EraseResponse?> EraseAsync(string address) => EraseAsync(new EraseRequest { Address = address, Attestation = Attestation });

    /// <summary>Has the desk roll all epochs.</summary>
    public Task<RollResponse?> RollAsync() =>
        TryAsync("EpochService/Roll", () => new EpochService.EpochServiceClient(desk.As(Callers.Operator)).RollAsync(new RollRequest()));

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
        var status = StatusCode.OK;
        await TryAsync("ScoringService/Explain", () => Scoring.ExplainAsync(new ExplainRequest { DecisionToken = decisionToken }), refused => status = refused);
        return status;
    }

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
                await TryAsync("OverrideService/List", () => Overrides.ListAsync(new OverrideServiceListRequest()));
                await ClearAsync(set.Id);
            }
        }

        await ClearAsync(Canaries.V4);
    }

    private OverrideService.OverrideServiceClient Overrides => new(desk.As(Callers.Operator));

    private ScoringService.ScoringServiceClient Scoring => new(service.As(Callers.Scorer));

    private SubjectService.SubjectServiceClient Subjects => new(desk.As(Callers.Privacy));

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

    /// <summary>Reports spam.</summary>
    public Task<ReportOutcomeResponse?> ReportAsync(ReportOutcomeRequest report)
    {
        report.Label = OutcomeLabel.Spam;
        report.Reporter = Canaries.Reporter;
        return TryAsync("FeedbackService/ReportOutcome", () => new FeedbackService.FeedbackServiceClient(service.As(Callers.Reporter)).ReportOutcomeAsync(report));
    }

    private async Task<T?> TryAsync<T>(string method, Func<AsyncUnaryCall<T>> send, Action<StatusCode>? refused = null)
        where T : class, IMessage
    {
        Calls++;
        Methods.Add(method);
        try
        {
            using var call = send();
            var answer = await call.ResponseAsync.DefaultTimeout();
            Answers.Add(answer);
            Answers.Add(await call.ResponseHeadersAsync.DefaultTimeout());
            Answers.Add(call.GetTrailers());
            return answer;
        }
        catch (RpcException e)
        {
            Answers.Add(e);
            refused?.Invoke(e.StatusCode);
            return null;
        }
    }
}
