using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using SpamGuard.Desk;
using SpamGuard.Desk.Disclosures;
using SpamGuard.Desk.Ledger;
using SpamGuard.Desk.Overrides;
using SpamGuard.Feedback;
using SpamGuard.IntegrationTests.Languages.Examples;
using SpamGuard.Scoring;
using SpamGuard.Server.Callers;
using SpamGuard.Server.Grpc;
using SpamGuard.Server.Http;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using SpamGuard.V1;
using DisclosureState = SpamGuard.Desk.Disclosures.DisclosureState;

namespace SpamGuard.IntegrationTests.Documents;

/// <summary>What callers are told to do on each status: its reasons are those that are answered with it, and over HTTP it is the code that stands there.</summary>
public sealed partial class StatusPageTests(StatusPageTests.ScoringProcess server) : IClassFixture<StatusPageTests.ScoringProcess>
{
    private static readonly IReadOnlyList<string[]> Rows = Pages.NamedRows("## What to do on each status");

    // One stands for a path that is none, and the other is for somebody who has gone.
    private static readonly string[] NotOfAnAnswer = ["UNIMPLEMENTED"];

    private static readonly Refusal[] WithMoreToSay = [Refusal.RoleMissing, Refusal.PurposeNotAllowed, Refusal.QuotaExceeded];

    [Fact]
    public void Reasons_OfEachStatus_AreThoseThatAreAnsweredWithIt()
    {
        var answered = AllErrors().Select(static error => (Status: Name((Code)error.Code), error.GetDetail<ErrorInfo>().Reason)).ToHashSet();
        var all = typeof(ErrorReasons).GetFields().Select(static field => (string)field.GetRawConstantValue()!).Concat(Refusals.All.Select(static refusal => refusal.Reason()));

        Assert.Equal(all.Order(StringComparer.Ordinal), answered.Select(static one => one.Reason).Order(StringComparer.Ordinal)); // each is made above, under one status
        Assert.Equal(answered.Order(), Rows.SelectMany(static row => Span().Matches(row[2]).Select(match => (Status: row[0], Reason: match.Groups["code"].Value))).Order());
    }

    [Fact]
    public async Task HttpStatus_OfEachStatus_IsWhatTheTranscodingMakesOfIt()
    {
        StatusCode[] statuses = [.. Transcoded.Select(static row => Enum.GetValues<StatusCode>().Single(code => Name((Code)(int)code) == row[0]))];
        await using var service = await UnreliableService.StartAsync(call => statuses[call - 1]);
        using var http = new HttpClient();

        var found = new List<(string Status, string Http)>();
        foreach (var row in Transcoded)
        {
            using var answer = await http.PostAsJsonAsync(new Uri($"http://{service.Http}/v1/events:score"), new { }).DefaultTimeout();
            found.Add((row[0], $"{(int)answer.StatusCode}"));
        }

        Assert.Equal(Transcoded.Select(static row => (row[0], row[1])), found);
    }

    [Fact]
    public async Task HttpStatus_OfARefusalBeforeTheCall_IsTheSame()
    {
        foreach (var error in CallersErrors())
        {
            var context = new DefaultHttpContext();
            await JsonErrors.WriteAsync(context, error);

            Assert.Equal(Rows.Single(row => row[0] == Name((Code)error.Code))[1], $"{context.Response.StatusCode}");
        }
    }

    [Fact]
    public async Task Unimplemented_OfTheDesksCallsOnAScoringProcess_IsNotFoundOverHttp()
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(server.Url(Listener.Http) + "/v1/overrides")).DefaultTimeout();
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await new OverrideService.OverrideServiceClient(server.Channel).ListAsync(new OverrideServiceListRequest()));

        Assert.Equal(StatusCode.Unimplemented, refused.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("NOT_SERVED", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("404", Rows.Single(static row => row[0] == "UNIMPLEMENTED")[1]);
    }

    private static IEnumerable<string[]> Transcoded => Rows.Where(static row => !NotOfAnAnswer.Contains(row[0], StringComparer.Ordinal));

    private static string Name(Code code) => JsonNamingPolicy.SnakeCaseUpper.ConvertName(code.ToString());

    private static IEnumerable<Google.Rpc.Status> AllErrors()
    {
        BadRequest.Types.FieldViolation[] violations = [Violations.UnusableAddress("event.address")];
        IEnumerable<RpcException> thrown =
        [
            Errors.StoreUnavailable(), Errors.SubjectsUnavailable(), Errors.OverridesUnavailable(), Errors.ErasureUnconfirmed(default(Erasure)), Errors.RollUnfinished("Not all."),
            Errors.DeadlineExceeded(), Errors.Cancelled(), Errors.Internal(), DisclosureErrors.Bad(violations), DisclosureErrors.StoreUnavailable(),
            .. Enum.GetValues<LedgerFailure>().Select(static failure => Errors.Of(new LedgerException(failure, "No."))),
            .. Enum.GetValues<OverrideFailure>().Select(Errors.Of),
            .. Enum.GetValues<DisclosureRefusal>().Select(static refusal => DisclosureErrors.Of(new DisclosureRefusedException(refusal) { Addresses = new NamedAddresses([], [], 1) })),
            .. Enum.GetValues<DisclosureState>().Select(static state => DisclosureErrors.Of(new DisclosureRefusedException(DisclosureRefusal.WrongState) { State = state })),
        ];
        return
        [
            .. thrown.Select(static one => one.GetRpcStatus()!),
            Errors.BadRequest(violations), Errors.UnreadableBody(violations), Errors.NotServed([]), Errors.InternalStatus(),
            .. Enum.GetValues<ScoreFailure>().Where(static failure => failure != ScoreFailure.None).Select(static failure => Errors.Of(failure)),
            .. Enum.GetValues<FeedbackOutcome>().Where(static outcome => outcome >= FeedbackOutcome.UnusableAddress).Select(Errors.Of),
            .. Enum.GetValues<TokenState>().Where(static state => state != TokenState.Valid).Select(Errors.Of),
            .. CallersErrors(),
        ];
    }

    private static IEnumerable<Google.Rpc.Status> CallersErrors() =>
    [
        .. Refusals.All.Except(WithMoreToSay).Select(CallerErrors.Of),
        CallerErrors.RoleMissing("/a/b", CallerRoles.None), CallerErrors.RoleMissing("/a/b", CallerRoles.Scorer), CallerErrors.PurposeNotAllowed("event.kind", []),
        CallerErrors.QuotaExceeded(Caller.Development, QuotaClass.Score, Quota.Subjects, wait: null), CallerErrors.QuotaExceeded(Caller.Development, QuotaClass.Score, Quota.Subjects, TimeSpan.FromSeconds(1)),
    ];

    [GeneratedRegex("`(?<code>[A-Z_]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Span();

    /// <summary>Serves nothing of the desk.</summary>
    public sealed class ScoringProcess : ServerFixture
    {
        protected override Task<IReadOnlyDictionary<string, string?>> SettingsAsync() =>
            Task.FromResult<IReadOnlyDictionary<string, string?>>(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Desk:Enabled"] = "false" });
    }
}
