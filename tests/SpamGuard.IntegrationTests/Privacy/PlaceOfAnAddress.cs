namespace SpamGuard.IntegrationTests.Privacy;

/// <summary>Where an address may be outside of its own folder, and why it does not stay there. What is not in these lists may hold none.</summary>
internal static class PlaceOfAnAddress
{
    private const string Mapped = "the request is read: the text becomes a ClientAddress, which gives nothing back";
    private const string Hashed = "step 3 of the hot path: from here on there are tokens";
    private const string Committed = "becomes a commitment under a key that is kept nowhere";
    private const string Asked = "asks the address something, and keeps none";
    private const string Own = "the listener's own address";
    private const string Bits = "asks how many bits of it make a subject, and keeps none";
    private const string Store = "a server of the store, no client";
    private const string Request = "as long as the call";
    private const string Offline = "the command line: a file of its user's, or a synthetic world; no service runs it";

    /// <summary>Methods and properties that hand an address on.</summary>
    public static IReadOnlyDictionary<string, string> HandOvers { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Server.Grpc.RequestMapper.Address"] = Mapped,
        ["Server.Grpc.RequestMapper.Refused"] = Mapped,
        ["Server.Grpc.RequestMapper.Usable"] = Mapped,
        ["Server.Envoy.CheckReader.AddressFault"] = Mapped,
        ["Server.Envoy.CheckReader.Read"] = Mapped,
        ["Server.Envoy.CheckReader.TryHeader"] = Mapped,
        ["Server.Http.ForwardedFor.Client"] = Mapped,
        ["Server.Edge.EdgeScorer.ScoreAsync"] = Hashed,
        ["Scoring.SpamEvent.Address"] = Mapped,
        ["Scoring.SpamEvent.new"] = Mapped,
        ["Epochs.EventFootprint.Of"] = Hashed,
        ["Epochs.EventFootprint.Members"] = Hashed,
        ["Epochs.EventFootprint.Subject"] = Hashed,
        ["Feedback.FeedbackRecorder.ReportAsync"] = Hashed,
        ["Scoring.TestVerdicts.Of"] = Asked,
        ["Tags.AddressTags.Of"] = Asked,
        ["Tags.TagDatabase.Networks"] = "a network of a file of tags, no client's",
        ["Server.Grpc.OverrideGrpcService.SubjectAsync"] = Mapped,
        ["Server.Grpc.OverrideMapper.Level"] = Mapped,
        ["Server.Grpc.OverrideMapper.Network"] = Mapped,
        ["Server.Grpc.OverrideMapper.Read"] = Mapped,
        ["Server.Grpc.OverrideMapper.Target"] = Mapped,
        ["Server.Grpc.SubjectGrpcService.Proved"] = Mapped,
        ["Server.Grpc.SubjectProofs.Check"] = Hashed,
        ["Server.Grpc.SubjectMapper.Held"] = Bits,
        ["Server.Grpc.SubjectMapper.Receipt"] = Bits,
        ["Desk.Overrides.OverrideSubjects.OfAsync"] = Hashed,
        ["Desk.SubjectProof.Intent"] = Bits,
        ["Desk.SubjectEraser.EraseAsync"] = Hashed,
        ["Desk.SubjectEraser.DeleteAsync"] = Hashed,
        ["Desk.SubjectInspector.InspectAsync"] = Hashed,
        ["Desk.SubjectInspector.ReadAsync"] = Hashed,
        ["Desk.SubjectTokens.Matches"] = Hashed,
        ["Desk.SubjectTokens.Of"] = Hashed,
        ["Desk.SubjectTokens.OfAsync"] = Hashed,
        ["Server.Grpc.DisclosureReader.Addresses"] = Mapped,
        ["Server.Grpc.DisclosureMapper.Results"] = Bits,
        ["Desk.Disclosures.DisclosureGate.OpenAsync"] = Committed,
        ["Desk.Disclosures.DisclosureGate.ApproveAsync"] = Committed,
        ["Desk.Disclosures.DisclosureGate.ExecuteAsync"] = Hashed,
        ["Desk.Disclosures.DisclosureGate.ReadAsync"] = Hashed,
        ["Desk.Disclosures.NamedSubjects.ReadAsync"] = Hashed,
        ["Desk.Disclosures.OrderCommitments.Compare"] = Committed,
        ["Desk.Disclosures.OrderCommitments.Of"] = Committed,
        ["Desk.Disclosures.OrderKey.Commit"] = Committed,
        ["Storage.Redis.StoreWay.IsLoopback"] = Store,
        ["Storage.Redis.StoreMemoryService.Evicted"] = Store,
        ["Storage.Redis.StoreMemoryReadings.Look"] = Store,
        ["Server.Listeners.ListenerFactory.BindAsync"] = Own,
        ["Server.Listeners.ListenerFactory.Fault"] = Own,
        ["Server.Health.HealthProbe.Handler"] = Own,
        ["Server.Health.HealthProbe.Reachable"] = Own,
        ["Cli.Csv.EventFields.Address"] = Offline,
        ["Cli.Scenarios.World.Homes.Neighbour"] = Offline,
        ["Cli.Scenarios.World.Homes.V4Address"] = Offline,
        ["Cli.Scenarios.World.Homes.Write"] = Offline,
        ["Cli.Scenarios.World.Places.From"] = Offline,
        ["Cli.Scenarios.World.Places.V4"] = Offline,
        ["Cli.Scenarios.World.Places.V6"] = Offline,
        ["Cli.Scenarios.World.Script.Message"] = Offline,
        ["Cli.Scenarios.World.Script.SignUp"] = Offline,
    };

    /// <summary>Fields that hold one.</summary>
    public static IReadOnlyDictionary<string, string> Fields { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Scoring.SpamEvent.Address"] = Request,
        ["Server.Health.WarmUp.SomeEvent"] = "loopback, to warm up by",
        ["Storage.Redis.StoreMemoryService._evicted"] = Store,
        ["Storage.Redis.StoreMemoryService._readings"] = Store,
        ["Storage.Redis.StoreMemoryReadings._last"] = Store,
        ["Tags.TagDatabase.Teredo"] = "a network that everybody knows",
        ["Cli.Replay.FeedbackQueue+Feedback.Event"] = Offline,
        ["Cli.Replay.FeedbackQueue._pending"] = Offline,
        ["Cli.Replay.MailEvent.Event"] = Offline,
        ["Cli.Replay.PolicyComparison._loop"] = Offline,
        ["Cli.Replay.ReplayLoop._feedback"] = Offline,
        ["Cli.Scenarios.World.Script.Events"] = Offline,
        ["Cli.Scenarios.World.Script.Reports"] = Offline,
        ["Cli.Scenarios.World.SyntheticWorld.Events"] = Offline,
        ["Cli.Scenarios.World.SyntheticWorld.Reports"] = Offline,
        ["Cli.Scenarios.World.WorldEvent.Event"] = Offline,
        ["Cli.Scenarios.World.WorldReport.About"] = Offline,
    };

    /// <summary>Asynchronous methods and lambdas that hold one while they run: which of their locals they keep differs between builds.</summary>
    public static IReadOnlyDictionary<string, string> WhileItRuns { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Server.Health.HealthProbe.lambda"] = Own,
        ["Server.Grpc.OverrideGrpcService.lambda"] = Request,
        ["Server.Grpc.OverrideGrpcService.SubjectAsync()"] = Request,
        ["Server.Grpc.SubjectGrpcService.Erase()"] = Request,
        ["Server.Grpc.SubjectGrpcService.Inspect()"] = Request,
        ["Desk.Overrides.OverrideSubjects.OfAsync()"] = Request,
        ["Server.Grpc.DisclosureGrpcService.Open()"] = Request,
        ["Server.Grpc.DisclosureGrpcService.Decide()"] = Request,
        ["Server.Grpc.DisclosureGrpcService.Execute()"] = Request,
        ["Server.Grpc.DisclosureGrpcService.lambda"] = Request,
        ["Desk.Disclosures.DisclosureGate.OpenAsync()"] = Request,
        ["Desk.Disclosures.DisclosureGate.ApproveAsync()"] = Request,
        ["Desk.Disclosures.DisclosureGate.ExecuteAsync()"] = Request,
        ["Desk.Disclosures.DisclosureGate.ReadAsync()"] = Request,
        ["Desk.Disclosures.DisclosureGate.lambda"] = Request,
        ["Desk.Disclosures.NamedSubjects.ReadAsync()"] = Request,
        ["Desk.SubjectEraser.DeleteAsync()"] = Request,
        ["Desk.SubjectEraser.lambda"] = Request,
        ["Desk.SubjectInspector.InspectAsync()"] = Request,
        ["Desk.SubjectInspector.ReadAsync()"] = Request,
        ["Desk.SubjectInspector.lambda"] = Request,
        ["Desk.SubjectTokens.lambda"] = Request,
        ["Desk.SubjectTokens.OfAsync()"] = Request,
        ["Storage.Redis.AuditedStore.ServersAsync()"] = Store,
        ["Storage.Redis.AuditedStore.lambda"] = Store,
        ["Storage.Redis.StoreMemoryService.<logger>P"] = Store,
        ["Storage.Redis.StoreMemoryService.ExecuteAsync()"] = Store,
        ["Storage.Redis.StoreMemoryService.LookAsync()"] = Store,
        ["Storage.Redis.StoreMemoryService.lambda"] = Store,
        ["Server.Grpc.FeedbackGrpcService.ReportOutcome()"] = Request,
        ["Server.Edge.EdgeScorer.ScoreAsync()"] = Request,
        ["Server.Envoy.AuthorizationGrpcService.Check()"] = Request,
        ["Server.Grpc.ScoringGrpcService.Preview()"] = Request,
        ["Server.Grpc.ScoringGrpcService.Score()"] = Request,
        ["Server.Grpc.ScoringGrpcService.ScoreBatch()"] = Request,
        ["Scoring.SpamPreviewer.PreviewAsync()"] = Request,
        ["Scoring.SpamScorer.ScoreAsync()"] = Request,
        ["Scoring.SpamScorer.ScoreBatchAsync()"] = Request,
        ["Feedback.FeedbackRecorder.ReportAsync()"] = Request,
        ["OfflineSpamGuard.PreviewAsync()"] = Offline,
        ["OfflineSpamGuard.ReportAsync()"] = Offline,
        ["OfflineSpamGuard.ScoreAsync()"] = Offline,
        ["OfflineSpamGuard.ScoreBatchAsync()"] = Offline,
        ["OfflineSpamGuard.TryScoreAsync()"] = Offline,
        ["Server.Listeners.ListenerFactory.BindAsync()"] = Own,
        ["Server.Listeners.ListenerFactory.lambda"] = Own,
    };
}
