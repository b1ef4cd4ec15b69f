using Grpc.Core;
using SpamGuard.IntegrationTests.Grpc;
using SpamGuard.Testing;
using SpamGuard.V1;
using static SpamGuard.IntegrationTests.Desk.Disclosures.DisclosureFixture;

namespace SpamGuard.IntegrationTests.Desk.Disclosures;

/// <summary>The way of an order through a real server, by people with real certificates.</summary>
public sealed class DisclosureServiceTests(DisclosureFixture server) : IClassFixture<DisclosureFixture>
{
    private const int Rounds = 20;

    [Fact]
    public async Task WholeWay_OfTwoPeople_AnswersWhatIsHeldByPlaceAndOnce()
    {
        string[] named = ["81.1.0.1", "81.1.0.2", "2a02:8101:1:1::1"];
        await server.ScoreAsync("81.1.0.2");
        await server.ScoreAsync("81.1.0.3"); // nobody named it

        var opened = await server.OpenAsync(named);
        var decided = await server.As(Bert).DecideAsync(Decision(opened, named)).ResponseAsync.DefaultTimeout();
        var executed = await server.As(Carl).ExecuteAsync(Execution(opened, named)).ResponseAsync.DefaultTimeout();
        var shown = await server.GetAsync(opened.Disclosure.DisclosureId);

        Assert.Equal((DisclosureState.Pending, DisclosureState.Approved), (opened.Disclosure.State, decided.Disclosure.State));
        Assert.Equal(43, opened.OrderKey.Length);
        Assert.Equal([(0, 32, 0), (1, 32, 1), (2, 64, 0)], executed.Results.Select(one => (one.Index, one.SignificantBits, one.Epochs.Count)));
        Assert.Equal(1, executed.Results[1].Epochs[0].Record.Units);
        Assert.Equal(executed.Disclosure, shown);
        Assert.Equal((DisclosureState.Executed, DisclosureHeld.Partly, 3, 1), (shown.State, shown.Held, shown.Named, shown.Disclosed));
        Assert.Equal(
            [("legal-desk", Anna), ("legal-desk", Bert), ("counsel", Carl)],
            new[] { shown.OpenedBy, shown.DecidedBy, shown.ExecutedBy }.Select(party => (party.Caller, party.Identity)));
        Assert.True(shown.OpenTime <= shown.DecideTime && shown.DecideTime <= shown.ExecuteTime);
        await AssertStateAsync(() => server.As(Carl).ExecuteAsync(Execution(opened, named)), "EXECUTED", "The disclosure is executed: nothing more can be had by it.");
    }

    [Fact]
    public async Task Decide_ByWhom_IsTakenFromASecondPersonOnly()
    {
        var opened = await server.OpenAsync("81.2.0.1");
        var request = Decision(opened, "81.2.0.1");
        TestCertificate[] anna = [server.CertificateOf(Anna), server.Mounted.Client(Anna), server.Mounted.Authority.Client([Carl], keyOf: server.CertificateOf(Anna))];

        foreach (var certificate in anna)
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => server.As(certificate).DecideAsync(request).ResponseAsync.DefaultTimeout());
            Assert.Equal((StatusCode.PermissionDenied, "SAME_PERSON"), (error.StatusCode, error.Info().Reason));
            Assert.Equal("Who opened an order may not approve it: it needs a second person, whose certificate has no name of theirs, and another key.", error.Status.Detail);
        }

        Assert.Equal(DisclosureState.Pending, (await server.GetAsync(opened.Disclosure.DisclosureId)).State);
        Assert.Equal(DisclosureState.Approved, (await server.As(Bert).DecideAsync(request).ResponseAsync.DefaultTimeout()).Disclosure.State); // of the same caller of the file
    }

    [Fact]
    public async Task Decide_ByAnotherCertificateOfTheSameNames_IsRefusedWhateverTheirOrder()
    {
        var opened = await server.As(server.Mounted.Client(Carl, CarlsHost)).OpenAsync(Order("81.2.0.2")).ResponseAsync.DefaultTimeout();
        TestCertificate[] carl = [server.Mounted.Client(CarlsHost, Carl), server.Mounted.Client(CarlsHost), server.Mounted.Client(Carl)];

        foreach (var certificate in carl)
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => server.As(certificate).DecideAsync(Decision(opened, "81.2.0.2")).ResponseAsync.DefaultTimeout());
            Assert.Equal((StatusCode.PermissionDenied, "SAME_PERSON"), (error.StatusCode, error.Info().Reason));
        }

        Assert.Equal($"{CarlsHost} {Carl}", opened.Disclosure.OpenedBy.Identity);
    }

    [Fact]
    public async Task Execute_BeforeOrWithoutApproval_IsRefused()
    {
        var opened = await server.OpenAsync("81.3.0.1");
        await AssertStateAsync(() => server.As(Bert).ExecuteAsync(Execution(opened, "81.3.0.1")), "PENDING", "The disclosure is pending: a second person must approve it first.");
        var rejection = new DisclosureServiceDecideRequest { DisclosureId = opened.Disclosure.DisclosureId, Decision = DisclosureDecision.Reject, Reason = "no judge has signed it, 7 Gs 12/26" };

        var unseen = await Assert.ThrowsAsync<RpcException>(() => server.As(Anna).DecideAsync(rejection).ResponseAsync.DefaultTimeout());
        var violation = Assert.Single(unseen.BadRequest().FieldViolations);
        Assert.Equal(
            ("reason", "REASON_WITHOUT_ORDER", "Send order_reference and order_key with a reason, so that neither is written down in it; or reject without a reason."), (violation.Field, violation.Reason, violation.Description));
        (rejection.OrderKey, rejection.OrderReference, rejection.Reason) = (opened.OrderKey, Reference, "no judge has signed it");

        var withdrawn = await server.As(Anna).DecideAsync(rejection).ResponseAsync.DefaultTimeout();

        Assert.Equal((DisclosureState.Withdrawn, "no judge has signed it"), (withdrawn.Disclosure.State, withdrawn.Disclosure.DecideReason));
        await AssertStateAsync(() => server.As(Bert).ExecuteAsync(Execution(opened, "81.3.0.1")), "WITHDRAWN", "The disclosure is withdrawn by who opened it, for good.");
        await AssertStateAsync(() => server.As(Carl).DecideAsync(Decision(opened, "81.3.0.1")), "WITHDRAWN", "The disclosure is withdrawn by who opened it, for good.");
    }

    [Fact]
    public async Task Reject_WhatIsApproved_TakesTheApprovalBackForGood()
    {
        var opened = await server.ApprovedAsync("81.3.0.2");
        await AssertStateAsync(
            () => server.As(Carl).DecideAsync(Decision(opened, "81.3.0.2")), "APPROVED", "The disclosure is approved: it can be executed or rejected, and not be approved again.");

        var rejected = await server.As(Carl).DecideAsync(Rejection(opened)).ResponseAsync.DefaultTimeout();

        Assert.Equal((DisclosureState.Rejected, Carl), (rejected.Disclosure.State, rejected.Disclosure.DecidedBy.Identity));
        await AssertStateAsync(() => server.As(Bert).ExecuteAsync(Execution(opened, "81.3.0.2")), "REJECTED", "The disclosure is rejected, for good.");
        await AssertStateAsync(() => server.As(Bert).DecideAsync(Decision(opened, "81.3.0.2")), "REJECTED", "The disclosure is rejected, for good.");
    }

    [Fact]
    public async Task RejectAndExecute_AtOnce_OneSucceeds()
    {
        var (first, second) = (server.As(Bert), server.As(Carl));
        for (var round = 0; round < Rounds; round++)
        {
            var opened = await server.ApprovedAsync("81.3.0.3");

            var (executed, rejected) = (CodeAsync(first.ExecuteAsync(Execution(opened, "81.3.0.3"))), CodeAsync(second.DecideAsync(Rejection(opened))));

            Assert.Equal([StatusCode.OK, StatusCode.FailedPrecondition], new[] { await executed, await rejected }.Order());
            Assert.Equal(await executed == StatusCode.OK ? DisclosureState.Executed : DisclosureState.Rejected, (await server.GetAsync(opened.Disclosure.DisclosureId)).State);
        }
    }

    [Fact]
    public async Task Open_OfAnotherCategory_IsRefusedAndEnteredAndCounted()
    {
        const string Series = """spamguard_disclosures_total{category="other",outcome="refused"}""";
        var before = await server.MetricAsync(Series);
        var order = Order("81.4.0.1");
        (order.Category, order.Country) = (DisclosureCategory.Other, "XX");
        order.ValidUntil = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch);

        var error = await Assert.ThrowsAsync<RpcException>(() => server.As(Anna).OpenAsync(order).ResponseAsync.DefaultTimeout());

        Assert.Equal(
            (StatusCode.PermissionDenied, "CATEGORY_NOT_ALLOWED",
                "Nothing is disclosed in this category, to anybody. That the order was received and refused is entered, and counted in the transparency report."),
            (error.StatusCode, error.Info().Reason, error.Status.Detail));
        var violation = Assert.Single(error.BadRequest().FieldViolations);
        Assert.Equal(
            ("category", "CATEGORY_NOT_ALLOWED", "The categories are DISCLOSURE_CATEGORY_TERRORISM and DISCLOSURE_CATEGORY_CHILD_EXPLOITATION, and no other."),
            (violation.Field, violation.Reason, violation.Description));
        Assert.Equal(before + 1, await server.MetricAsync(Series));
        Assert.Contains("\"act\":\"disclosure_refuse\"", server.LedgerText.Split('\n')[^2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_ByAWrongKey_IsRefusedAndLimited()
    {
        var (opened, other) = (await server.ApprovedAsync("81.5.0.1"), await server.OpenAsync("81.5.0.1"));
        var request = Execution(opened, "81.5.0.1");
        request.OrderKey = other.OrderKey;
        for (var i = 0; i < 5; i++)
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => server.As(Bert).ExecuteAsync(request).ResponseAsync.DefaultTimeout());
            Assert.Equal(
                (StatusCode.PermissionDenied, "ORDER_KEY_WRONG", "order_key is not the key of this disclosure. The attempt is counted."),
                (error.StatusCode, error.Info().Reason, error.Status.Detail));
        }

        request.OrderKey = opened.OrderKey;
        var limited = await Assert.ThrowsAsync<RpcException>(() => server.As(Bert).ExecuteAsync(request).ResponseAsync.DefaultTimeout());

        Assert.Equal(
            (StatusCode.ResourceExhausted, "TOO_MANY_WRONG_KEYS", "5 keys within a minute were not the key of this disclosure: for now no key is looked at."),
            (limited.StatusCode, limited.Info().Reason, limited.Status.Detail));
        Assert.InRange(limited.Detail<Google.Rpc.RetryInfo>().RetryDelay.ToTimeSpan(), TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Equal(DisclosureState.Approved, (await server.GetAsync(opened.Disclosure.DisclosureId)).State);
    }

    [Fact]
    public async Task Execute_TwoAtOnce_OneSucceeds()
    {
        await server.ScoreAsync("81.6.0.1");
        var (first, second) = (server.As(Bert), server.As(Carl));
        for (var round = 0; round < Rounds; round++)
        {
            var opened = await server.ApprovedAsync("81.6.0.1");
            var request = Execution(opened, "81.6.0.1");

            var codes = await Task.WhenAll(CodeAsync(first.ExecuteAsync(request)), CodeAsync(second.ExecuteAsync(request)));

            Assert.Equal([StatusCode.OK, StatusCode.FailedPrecondition], codes.Order());
            Assert.Equal(DisclosureHeld.Fully, (await server.GetAsync(opened.Disclosure.DisclosureId)).Held);
        }
    }

    [Fact]
    public async Task Open_AThousandAddresses_GoesTheWholeWay()
    {
        string[] named = [.. Enumerable.Range(0, 1000).Select(static i => $"2a02:8107:{i:x}:ffff:ffff:ffff:ffff:ffff")];

        var opened = await server.ApprovedAsync(named);
        var executed = await server.As(Bert).ExecuteAsync(Execution(opened, named)).ResponseAsync.DefaultTimeout();

        Assert.Equal((1000, 1000, DisclosureHeld.Nothing), (opened.Disclosure.Named, executed.Results.Count, executed.Disclosure.Held));
    }

    [Fact]
    public async Task List_InPages_HasEachOnceTheLatestFirst()
    {
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add((await server.OpenAsync("81.8.0.1")).Disclosure.DisclosureId);
        }

        var request = new DisclosureServiceListRequest { State = DisclosureState.Pending, PageSize = 2 };
        var listed = new List<string>();
        do
        {
            var page = await server.As(Carl).ListAsync(request).ResponseAsync.DefaultTimeout();
            Assert.InRange(page.Disclosures.Count, 1, 2);
            Assert.All(page.Disclosures, one => Assert.Equal(DisclosureState.Pending, one.State));
            listed.AddRange(page.Disclosures.Select(one => one.DisclosureId));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Assert.Equal(listed.Count, listed.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(ids.AsEnumerable().Reverse(), listed.Take(5));
    }

    [Fact]
    public async Task Open_MoreThanOneMayHave_SaysWhatToDo()
    {
        const string Busy = "spiffe://example.org/legal/busy";
        var busy = server.As(Busy);
        for (var i = 0; i < 100; i++)
        {
            await busy.OpenAsync(Order("81.8.0.1")).ResponseAsync.DefaultTimeout();
        }

        var error = await Assert.ThrowsAsync<RpcException>(() => busy.OpenAsync(Order("81.8.0.1")).ResponseAsync.DefaultTimeout());

        Assert.Equal(
            (StatusCode.ResourceExhausted, "TOO_MANY_ORDERS", "100 orders that you opened are unconfirmed, pending or approved: execute or reject some first."),
            (error.StatusCode, error.Info().Reason, error.Status.Detail));
    }

    [Fact]
    public async Task DecideAndExecute_PastTheValidity_SayThatANewOrderIsNeeded()
    {
        const string Over = "The validity of the disclosure is over: a new order is needed.";
        var order = Order("81.8.0.2");
        order.ValidUntil = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow().AddSeconds(2));
        var opened = await server.As(Anna).OpenAsync(order).ResponseAsync.DefaultTimeout();

        await Poll.UntilAsync(async () => (await server.GetAsync(opened.Disclosure.DisclosureId)).State == DisclosureState.Expired).DefaultTimeout();

        await AssertStateAsync(() => server.As(Bert).DecideAsync(Decision(opened, "81.8.0.2")), "EXPIRED", Over);
        await AssertStateAsync(() => server.As(Bert).ExecuteAsync(Execution(opened, "81.8.0.2")), "EXPIRED", Over);
    }

    [Fact]
    public async Task Everything_ThatIsWrittenDown_HoldsNoAddressNoReferenceAndNoKey()
    {
        var opened = await server.ApprovedAsync("81.9.0.1");
        await server.As(Bert).ExecuteAsync(Execution(opened, "81.9.0.1")).ResponseAsync.DefaultTimeout();

        var written = server.LedgerText + server.Logs.AllText + await server.MetricsAsync();

        Assert.Contains(opened.Disclosure.DisclosureId, written, StringComparison.Ordinal);
        Assert.All(
            ["81.9.0.1", "canary-reference", "canary-authority", opened.OrderKey],
            secret => Assert.DoesNotContain(secret, written, StringComparison.OrdinalIgnoreCase));
    }

    private static DisclosureServiceDecideRequest Rejection(DisclosureServiceOpenResponse opened) =>
        new() { DisclosureId = opened.Disclosure.DisclosureId, Decision = DisclosureDecision.Reject };

    private static async Task<StatusCode> CodeAsync<T>(AsyncUnaryCall<T> call)
    {
        try
        {
            await call.ResponseAsync.DefaultTimeout();
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }

    private static async Task AssertStateAsync<T>(Func<AsyncUnaryCall<T>> call, string state, string message)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => call().ResponseAsync.DefaultTimeout());
        Assert.Equal(
            (StatusCode.FailedPrecondition, "DISCLOSURE_STATE", state, message),
            (error.StatusCode, error.Info().Reason, error.Info().Metadata["state"], error.Status.Detail));
    }
}
