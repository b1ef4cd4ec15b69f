using SpamGuard.Addresses;
using SpamGuard.Desk.Disclosures;
using SpamGuard.Desk.Ledger;
using SpamGuard.Desk.Transparency;
using SpamGuard.Storage;
using static SpamGuard.Tests.Desk.Disclosures.GateUnderTest;

namespace SpamGuard.Tests.Desk.Disclosures;

/// <summary>What passes the gate, and what does not: nothing of a refused act is done, and nothing is given out twice.</summary>
public sealed class DisclosureGateTests : IAsyncLifetime, IDisposable
{
    private const int Rounds = 40;
    private const string A = "198.18.1.1";
    private const string B = "198.18.1.2";
    private const string C = "2001:db8:1:1::1";
    private const string NeighbourOfC = "2001:db8:1:1::2";

    private static readonly IReadOnlyList<ClientAddress> Two = Naming(A, B);

    private GateUnderTest _desk = null!;

    public async Task InitializeAsync() => _desk = await StartAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _desk.Dispose();

    [Fact]
    public async Task WholeWay_OfTwoPeople_GivesOutWhatIsHeldOnThoseNamedOnce()
    {
        await _desk.ScoreAsync(A);
        await _desk.ScoreAsync("198.18.1.3"); // nobody named it
        var order = await _desk.OpenAsync(Two);
        Assert.Equal(DisclosureState.Pending, _desk.StateOf(order.Id));
        var decided = await _desk.DecideAsync(order, Two);
        Assert.Equal(DisclosureState.Approved, decided.StateAt(_desk.Now));

        var (executed, held) = await _desk.ExecuteAsync(order, Two, Third);

        Assert.Equal([1, 0], held.Select(one => one.Epochs.Count));
        Assert.Equal(1, held[0].Epochs[0].Keys.Record.Today);
        Assert.Equal((DisclosureState.Executed, HeldExtent.Partly, 1), (executed.StateAt(_desk.Now), executed.Execution!.Held, executed.Execution.Disclosed));
        Assert.Equal(
            [(EventIds.DisclosureOpened, "legal-desk (spiffe://example.org/legal/anna)"), (EventIds.DisclosureDecided, "legal-desk (spiffe://example.org/legal/bert)"), (EventIds.DisclosureExecuted, "counsel (spiffe://example.org/legal/carl)")],
            _desk.Log.Entries.Select(static entry => (entry.Id, entry.Text[..(entry.Text.IndexOf(')', StringComparison.Ordinal) + 1)])));
        Assert.Equal((Opener, Second, Third), (executed.OpenedBy, executed.Decision!.By, executed.Execution.By));
        Assert.Null(executed.Commitments);
        await AssertRefusedAsync(DisclosureRefusal.WrongState, () => _desk.ExecuteAsync(order, Two), DisclosureState.Executed);
    }

    [Theory]
    [InlineData(HeldExtent.Nothing, 0, "nothing_held")]
    [InlineData(HeldExtent.Partly, 1, "partly_held", A)]
    [InlineData(HeldExtent.Fully, 2, "fully_held", A, B)]
    public async Task Execute_SoMuchIsHeld_SaysSoAndCountsIt(object extent, int disclosed, string outcome, params string[] met)
    {
        foreach (var address in met)
        {
            await _desk.ScoreAsync(address);
        }

        var (executed, _) = await _desk.ExecuteAsync(await _desk.ApprovedAsync(Two), Two);

        Assert.Equal((extent, disclosed), (executed.Execution!.Held, executed.Execution.Disclosed));
        Assert.Equal(1, await _desk.MetricAsync($"spamguard_disclosures_total{{category=\"terrorism\",outcome=\"{outcome}\"}}"));
        Assert.Contains($"\"held\":\"{extent.ToString()!.ToLowerInvariant()}\",\"subjects_disclosed\":{disclosed}", _desk.LedgerText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_NeighboursInOneSlash64_AreOneSubject()
    {
        await _desk.ScoreAsync(C);
        var order = await _desk.OpenAsync(Naming(C, NeighbourOfC));
        await _desk.DecideAsync(order, Naming(NeighbourOfC)); // all that the order names, said otherwise

        var (executed, held) = await _desk.ExecuteAsync(order, Naming(C, NeighbourOfC));

        Assert.Equal((1, 1, HeldExtent.Fully), (executed.Subjects, executed.Execution!.Disclosed, executed.Execution.Held));
        Assert.All(held, one => Assert.Single(one.Epochs));
    }

    [Theory]
    [InlineData("spiffe://example.org/legal/anna", 'a', DisclosureRefusal.SamePerson)] // the same certificate
    [InlineData("spiffe://example.org/legal/anna", 'b', DisclosureRefusal.SamePerson)] // the same name on a new one
    [InlineData("spiffe://example.org/legal/bert", 'a', DisclosureRefusal.SamePerson)] // the same key under another name
    [InlineData("spiffe://example.org/legal/bert", null, DisclosureRefusal.PersonUnknown)] // no certificate that this service saw
    [InlineData("spiffe://example.org/legal/bert", 'b', null)] // of the same caller of the file, and still another person
    public async Task Decide_ByWhom_IsTakenFromASecondPersonOnly(string identity, char? key, object? refusal)
    {
        var order = await _desk.OpenAsync(Two);
        var by = new LedgerActor("legal-desk", identity, key is { } letter ? new string(letter, 64) : "");

        if (refusal is DisclosureRefusal expected)
        {
            await AssertRefusedAsync(expected, () => _desk.DecideAsync(order, Two, by: by));
            Assert.Equal(DisclosureState.Pending, _desk.StateOf(order.Id));
            Assert.Equal(1, await _desk.MetricAsync("""spamguard_disclosures_total{category="terrorism",outcome="same_person"}"""));
        }
        else
        {
            Assert.Equal(by, (await _desk.DecideAsync(order, Two, by: by)).Decision!.By);
        }
    }

    [Theory]
    [InlineData("carl.example.org spiffe://example.org/carl")]
    [InlineData("carl.example.org")]
    [InlineData("berta.example.org spiffe://example.org/carl")]
    public async Task Decide_ByWhomeverHasANameInCommon_IsRefused(string identity)
    {
        var order = await _desk.OpenAsync(Two, by: new LedgerActor("legal-desk", "carl.example.org spiffe://example.org/carl", new string('a', 64)));

        await AssertRefusedAsync(DisclosureRefusal.SamePerson, () => _desk.DecideAsync(order, Two, by: new LedgerActor("legal-desk", identity, new string('b', 64))));
    }

    [Theory]
    [InlineData("spiffe://example.org/legal/anna", "a", DisclosureState.Withdrawn)]
    [InlineData("spiffe://example.org/legal/anna", "b", DisclosureState.Withdrawn)] // the same name on a new certificate
    [InlineData("spiffe://example.org/legal/bert", "a", DisclosureState.Withdrawn)] // the same key under another name
    [InlineData("spiffe://example.org/legal/bert", "b", DisclosureState.Rejected)]
    [InlineData("development", "", DisclosureState.Rejected)]
    public async Task Reject_ByWhoOpenedItOrAnybody_TakesNoKeyAndTellsThemApart(string identity, string key, object state)
    {
        var by = new LedgerActor("legal-desk", identity, key.Length == 0 ? key : new string(key[0], 64));
        var outcome = state.ToString()!.ToLowerInvariant();
        foreach (var order in new[] { await _desk.OpenAsync(Two), await _desk.ApprovedAsync(Two) })
        {
            var rejected = await _desk.Gate.RejectAsync(order.Id, by);

            Assert.Equal(((DisclosureState)state, by, false), (_desk.StateOf(order.Id), rejected.Decision!.By, rejected.Commitments is not null));
            Assert.Contains($"\"decision\":\"{outcome}\"", _desk.LedgerText.Split('\n')[^3], StringComparison.Ordinal);
            await AssertRefusedAsync(DisclosureRefusal.WrongState, () => _desk.Gate.RejectAsync(order.Id, by), (DisclosureState)state);
            await AssertRefusedAsync(DisclosureRefusal.WrongState, () => _desk.DecideAsync(order, Two, by: Third), (DisclosureState)state);
            await AssertRefusedAsync(DisclosureRefusal.WrongState, () => _desk.ExecuteAsync(order, Two), (DisclosureState)state);
        }

        Assert.Equal(2, await _desk.MetricAsync($"spamguard_disclosures_total{{category=\"terrorism\",outcome=\"{outcome}\"}}"));
        _desk.Restart();
        Assert.All(_desk.Book.Latest(), one => Assert.Equal(state, one.StateAt(_desk.Now)));
    }

    [Fact]
    public async Task Reject_OfTheOnlyPersonThatThereIs_IsAWithdrawal()
    {
        var development = new LedgerActor("development", "development", "");

        var rejected = await _desk.Gate.RejectAsync((await _desk.OpenAsync(Two, by: development)).Id, development);

        Assert.Equal(DecisionKind.Withdrawn, rejected.Decision!.Kind);
    }

    [Fact]
    public async Task Reject_WithAReason_TakesTheKeyAndTheReferenceOfTheOrder()
    {
        var (order, other) = (await _desk.ApprovedAsync(Two), await _desk.OpenAsync(Two));
        using var key = OrderKey.Read(order.Key)!;
        using var wrong = OrderKey.Read(other.Key)!;

        await AssertRefusedAsync(DisclosureRefusal.KeyWrong, () => _desk.Gate.RejectAsync(order.Id, wrong, Reference, "a mistake", Third));
        await AssertRefusedAsync(DisclosureRefusal.ReferenceDiffers, () => _desk.Gate.RejectAsync(order.Id, key, "another", "a mistake", Third));
        var rejected = await _desk.Gate.RejectAsync(order.Id, key, Reference, "a mistake", Third);

        Assert.Equal((DisclosureState.Rejected, "a mistake"), (_desk.StateOf(order.Id), rejected.Decision!.Reason));
    }

    [Fact]
    public async Task Reject_WhatIsExecuted_IsRefused()
    {
        var order = await _desk.ApprovedAsync(Two);
        await _desk.ExecuteAsync(order, Two);

        await AssertRefusedAsync(DisclosureRefusal.WrongState, () => _desk.Gate.RejectAsync(order.Id, Third), DisclosureState.Executed);
    }

    [Fact]
    public async Task ExecuteAndApprove_WhileItIsRejected_AreRefused()
    {
        var (approved, pending) = (await _desk.ApprovedAsync(Two), await _desk.OpenAsync(Two));

        foreach (var (order, act) in new (string, Func<Task>)[] { (approved.Id, () => _desk.ExecuteAsync(approved, Two)), (pending.Id, () => _desk.DecideAsync(pending, Two)) })
        {
            Task? other = null;
            _desk.AtEntry = _ => other ??= BegunAsync(act); // waits for the lock, before the outcome does
            await _desk.Gate.RejectAsync(order, Third);

            await AssertRefusedAsync(DisclosureRefusal.BeingDecided, () => other!);
            Assert.Equal(DisclosureState.Rejected, _desk.StateOf(order));
        }
    }

    [Fact]
    public async Task Reject_WhileItIsExecuted_IsRefused()
    {
        var order = await _desk.ApprovedAsync(Two);
        Task? other = null;
        _desk.AtEntry = _ => other ??= BegunAsync(() => _desk.Gate.RejectAsync(order.Id, Third));

        await _desk.ExecuteAsync(order, Two);

        await AssertRefusedAsync(DisclosureRefusal.WrongState, () => other!, DisclosureState.Executing);
        Assert.Equal(DisclosureState.Executed, _desk.StateOf(order.Id));
    }

    [Fact]
    public async Task RejectAndExecute_AtOnce_OneSucceeds()
    {
        var rejected = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var order = await _desk.ApprovedAsync(Two);

            Assert.Equal(1, await SucceededAsync(i => i % 2 == 0 ? (Task)_desk.ExecuteAsync(order, Two) : _desk.Gate.RejectAsync(order.Id, Third)));
            rejected += _desk.StateOf(order.Id) == DisclosureState.Rejected ? 1 : 0;
        }

        Assert.Equal(rejected, await _desk.MetricAsync("""spamguard_disclosures_total{category="terrorism",outcome="rejected"}"""));
        Assert.Equal(Rounds - rejected, await _desk.MetricAsync("""spamguard_disclosures_total{category="terrorism",outcome="nothing_held"}"""));
    }

    [Fact]
    public async Task Reject_ThatIsNotEnteredToItsEnd_IsRefusedUntilARestartAndNoneAfterIt()
    {
        var order = await _desk.ApprovedAsync(Two);
        _desk.AtEntry = _ => _desk.Distrust();

        Assert.Equal(LedgerFailure.OutcomeUnwritten, (await Assert.ThrowsAsync<LedgerException>(() => _desk.Gate.RejectAsync(order.Id, Third))).Failure);
        await AssertRefusedAsync(DisclosureRefusal.BeingDecided, () => _desk.ExecuteAsync(order, Two));
        await AssertRefusedAsync(DisclosureRefusal.BeingDecided, () => _desk.Gate.RejectAsync(order.Id, Third));
        _desk.AtEntry = static _ => { };
        _desk.Restart();

        Assert.Equal(DisclosureState.Approved, _desk.StateOf(order.Id));
        await _desk.Gate.RejectAsync(order.Id, Third);
    }

    [Fact]
    public async Task Open_ThatIsNotEnteredToItsEnd_IsShownAndCountsUntilItIsRejected()
    {
        _desk.AtEntry = _ => _desk.Distrust();
        await Assert.ThrowsAsync<LedgerException>(() => _desk.OpenAsync(Two));
        _desk.AtEntry = static _ => { };
        Check(live: 1);
        _desk.Restart();
        Check(live: 1);
        var id = _desk.Book.Latest()[0].Id;
        using var key = OrderKey.New();

        await AssertRefusedAsync(DisclosureRefusal.WrongState, () => _desk.DecideAsync((id, key.Text), Two), DisclosureState.Unconfirmed);
        await AssertRefusedAsync(DisclosureRefusal.WrongState, () => _desk.ExecuteAsync((id, key.Text), Two), DisclosureState.Unconfirmed);
        await _desk.Gate.RejectAsync(id, Opener);

        Assert.Equal((DisclosureState.Withdrawn, 0), (_desk.StateOf(id), _desk.Book.TallyAt(_desk.Now).Live));

        void Check(int live)
        {
            Assert.Equal(DisclosureState.Unconfirmed, Assert.Single(_desk.Book.Latest()).StateAt(_desk.Now));
            Assert.Equal((live, live, 0), (_desk.Book.TallyAt(_desk.Now).Live, _desk.Book.LiveOf(Opener, _desk.Now), _desk.Book.TallyAt(_desk.Now).Pending));
            Assert.Equal(DisclosureState.Expired, _desk.Book.Latest()[0].StateAt(_desk.Now.AddDays(7)));
        }
    }

    [Fact]
    public async Task Decide_WhatNobodyIsKnownToHaveOpened_IsRefused()
    {
        var order = await _desk.OpenAsync(Two, by: new LedgerActor("development", "development", ""));

        await AssertRefusedAsync(DisclosureRefusal.PersonUnknown, () => _desk.DecideAsync(order, Two));
    }

    [Fact]
    public async Task Decide_Twice_IsRefusedButForARejectionOfWhatIsApproved()
    {
        var approved = await _desk.ApprovedAsync(Two);
        var rejected = await _desk.OpenAsync(Two);
        await _desk.DecideAsync(rejected, Two, approve: false);

        await AssertRefusedAsync(DisclosureRefusal.WrongState, () => _desk.DecideAsync(approved, Two, by: Third), DisclosureState.Approved);
        await AssertRefusedAsync(DisclosureRefusal.WrongState, () => _desk.DecideAsync(rejected, Two, by: Third), DisclosureState.Rejected);
        await AssertRefusedAsync(DisclosureRefusal.WrongState, () => _desk.ExecuteAsync(rejected, Two), DisclosureState.Rejected);
    }

    [Fact]
    public async Task Execute_AsTheValidityEnds_IsEnteredBeforeThatOrRefused()
    {
        const int Orders = 8;
        var (published, refused) = (new TransparencyBook(), 0);
        List<LedgerEntry> begun = [];
        _desk.AtEntry = entry =>
        {
            published.Read(entry);
            begun.AddRange(entry is { Act: LedgerAct.DisclosureExecute, Phase: LedgerPhase.Intent } ? [entry] : []);
        };
        for (var left = 1; left <= Orders; left++)
        {
            var order = await _desk.ApprovedAsync(Two);
            _desk.Folder.Time.Advance(_desk.Book.Find(order.Id)!.Facts.ValidUntil - _desk.Now - TimeSpan.FromMilliseconds(left));
            _desk.Folder.Time.AutoAdvanceAmount = TimeSpan.FromMilliseconds(1); // with each look at the clock
            try
            {
                await _desk.ExecuteAsync(order, Two);
            }
            catch (DisclosureRefusedException e) when (e.State == DisclosureState.Expired)
            {
                refused++;
            }

            _desk.Folder.Time.AutoAdvanceAmount = TimeSpan.Zero;
        }

        _desk.Folder.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.InRange(refused, 1, Orders - 1);
        Assert.All(begun, entry => Assert.True(entry.Time < _desk.Book.Find(entry.Text("disclosure")!)!.Facts.ValidUntil));
        var total = published.Figures(published.Span(_desk.Now), _desk.Now).Total;
        Assert.Equal((Orders - refused, Orders - refused, refused), (begun.Count, total.NothingHeld, total.ExpiredUnexecuted));
    }

    [Fact]
    public async Task Execute_BeforeADecision_IsRefused()
    {
        var order = await _desk.OpenAsync(Two);

        await AssertRefusedAsync(DisclosureRefusal.WrongState, () => _desk.ExecuteAsync(order, Two), DisclosureState.Pending);
    }

    [Fact]
    public async Task DecideAndExecute_OtherAddresses_NameEachByItsPlaceAndDoNothing()
    {
        var order = await _desk.OpenAsync(Two);
        var others = Naming(A, C, B, C);

        var unnamed = await AssertRefusedAsync(DisclosureRefusal.AddressesDiffer, () => _desk.DecideAsync(order, others));
        var missing = await AssertRefusedAsync(DisclosureRefusal.AddressesDiffer, () => _desk.DecideAsync(order, Naming(A)));
        await AssertRefusedAsync(DisclosureRefusal.ReferenceDiffers, () => _desk.DecideAsync(order, Two, reference: Reference + " "));
        Assert.Equal(DisclosureState.Pending, _desk.StateOf(order.Id));
        await _desk.DecideAsync(order, Two);
        var executed = await AssertRefusedAsync(DisclosureRefusal.AddressesDiffer, () => _desk.ExecuteAsync(order, others));
        var subset = await AssertRefusedAsync(DisclosureRefusal.AddressesDiffer, () => _desk.ExecuteAsync(order, Naming(B)));

        Assert.Equal<int>([1, 3], unnamed.Addresses!.Unnamed);
        Assert.Equal((0, 1), (unnamed.Addresses.Missing, missing.Addresses!.Missing));
        Assert.Equal<int>([1, 3], executed.Addresses!.Unnamed);
        Assert.Equal(1, subset.Addresses!.Missing);
        Assert.Equal(DisclosureState.Approved, _desk.StateOf(order.Id));
    }

    [Fact]
    public async Task Open_OfAnotherCategory_IsRefusedAndEnteredAndCounted()
    {
        await AssertRefusedAsync(DisclosureRefusal.CategoryNotAllowed, () => _desk.OpenAsync(Two, _desk.Facts(DisclosureCategory.Other)));

        Assert.Empty(_desk.Book.Latest());
        Assert.Matches(
            """
            "act":"disclosure_refuse","by":\{"caller":"legal-desk","identity":"spiffe://example.org/legal/anna","key":"a{64}"\},"data":\{"disclosure":"[0-9a-f]{16}","country":"DE","authority_type":"court","legal_process":"court_order","category":"other","valid_until":[0-9]+,"subjects":2,"reason":"category_not_allowed"\}
            """.Trim(),
            _desk.LedgerText);
        Assert.Equal(1, await _desk.MetricAsync("""spamguard_disclosures_total{category="other",outcome="refused"}"""));
    }

    [Fact]
    public async Task Open_OfAnotherCategoryWithMoreThatIsWrong_IsRefusedAndEnteredAllTheSame()
    {
        var facts = _desk.Facts(DisclosureCategory.Other, TimeSpan.FromDays(-1), TimeSpan.FromDays(6 * 365)) with { Country = "XX" };

        await AssertRefusedAsync(DisclosureRefusal.CategoryNotAllowed, () => _desk.OpenAsync(Two, facts));

        Assert.Contains("\"country\":\"ZZ\"", _desk.LedgerText, StringComparison.Ordinal);
        Assert.DoesNotContain("withhold_until", _desk.LedgerText, StringComparison.Ordinal);
        Assert.Equal(1, await _desk.MetricAsync("""spamguard_disclosures_total{category="other",outcome="refused"}"""));
    }

    [Theory]
    [InlineData(0, OrderFault.ValidityOver)]
    [InlineData(1, null)]
    [InlineData(30 * 86_400, null)]
    [InlineData((30 * 86_400) + 1, OrderFault.ValidityTooLong)]
    public async Task Open_ValidForSoLong_IsTakenUpTo30Days(int seconds, object? fault)
    {
        var facts = _desk.Facts(validFor: TimeSpan.FromSeconds(seconds));

        if (fault is OrderFault expected)
        {
            Assert.Equal<OrderFault>([expected], (await AssertRefusedAsync(DisclosureRefusal.OrderFaulty, () => _desk.OpenAsync(Two, facts))).Faults);
            Assert.Empty(_desk.Book.Latest());
        }
        else
        {
            Assert.Equal(DisclosureState.Pending, _desk.StateOf((await _desk.OpenAsync(Two, facts)).Id));
        }
    }

    [Fact]
    public async Task DecideAndExecute_AtTheEndOfValidity_AreRefusedAndASecondBeforeNot()
    {
        var (undecided, approved, executed) = (await _desk.OpenAsync(Two), await _desk.ApprovedAsync(Two), await _desk.ApprovedAsync(Two));

        _desk.Folder.Time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        await _desk.ExecuteAsync(executed, Two);
        _desk.Folder.Time.Advance(TimeSpan.FromSeconds(1));

        await AssertRefusedAsync(DisclosureRefusal.WrongState, () => _desk.DecideAsync(undecided, Two), DisclosureState.Expired);
        await AssertRefusedAsync(DisclosureRefusal.WrongState, () => _desk.ExecuteAsync(approved, Two), DisclosureState.Expired);
        Assert.Equal(DisclosureState.Executed, _desk.StateOf(executed.Id));
    }

    [Fact]
    public async Task DecideAndExecute_ByAWrongKey_AreRefusedAndAfterFiveNoKeyIsLookedAt()
    {
        var order = await _desk.OpenAsync(Two);
        using var other = OrderKey.New();
        var wrong = (order.Id, other.Text);

        for (var i = 0; i < WrongKeys.Most; i++)
        {
            await AssertRefusedAsync(DisclosureRefusal.KeyWrong, () => _desk.DecideAsync(wrong, Two));
        }

        var refused = await AssertRefusedAsync(DisclosureRefusal.TooManyWrongKeys, () => _desk.DecideAsync(order, Two));
        Assert.Equal(WrongKeys.Window, refused.Wait);
        Assert.Equal(WrongKeys.Most, await _desk.MetricAsync("""spamguard_disclosures_total{category="terrorism",outcome="wrong_key"}"""));
        Assert.Equal(WrongKeys.Most, _desk.Log.Count(EventIds.DisclosureKeyWrong));
        var another = await _desk.ApprovedAsync(Two); // is not limited by it
        _desk.Folder.Time.Advance(WrongKeys.Window);
        await _desk.DecideAsync(order, Two);
        await AssertRefusedAsync(DisclosureRefusal.KeyWrong, () => _desk.ExecuteAsync((order.Id, another.Key), Two));
        Assert.Equal(DisclosureState.Approved, _desk.StateOf(order.Id));
    }

    [Fact]
    public async Task Execute_SeveralAtOnce_OneSucceeds()
    {
        await _desk.ScoreAsync(A);
        for (var round = 0; round < Rounds; round++)
        {
            var order = await _desk.ApprovedAsync(Two);

            Assert.Equal(1, await SucceededAsync(_ => _desk.ExecuteAsync(order, Two)));
            Assert.Equal(DisclosureState.Executed, _desk.StateOf(order.Id));
        }

        Assert.Equal(Rounds, await _desk.MetricAsync("""spamguard_disclosures_total{category="terrorism",outcome="partly_held"}"""));
    }

    [Fact]
    public async Task Decide_SeveralAtOnce_OneSucceeds()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var order = await _desk.OpenAsync(Two);

            Assert.Equal(1, await SucceededAsync(i => _desk.DecideAsync(order, Two, by: i % 2 == 0 ? Second : Third)));
        }
    }

    [Fact]
    public async Task Execute_StoreAway_FailsAndMayBeTriedAgain()
    {
        await _desk.ScoreAsync(A);
        var order = await _desk.ApprovedAsync(Two);
        _desk.TakeStoreAway();

        await Assert.ThrowsAsync<StoreException>(() => _desk.ExecuteAsync(order, Two));
        Assert.Equal(DisclosureState.Approved, _desk.StateOf(order.Id));
        Assert.Equal(1, await _desk.MetricAsync("""spamguard_disclosures_total{category="terrorism",outcome="failed"}"""));
        _desk.Restart();
        _desk.GiveStoreBack();

        Assert.Equal(HeldExtent.Partly, (await _desk.ExecuteAsync(order, Two)).Disclosure.Execution!.Held);
    }

    [Fact]
    public async Task Open_AsManyAsThereMayBe_RefusesOneMore()
    {
        for (var i = 0; i < DisclosureGate.MostOrders; i++)
        {
            await _desk.OpenAsync(Naming(A), by: Person(i / DisclosureGate.MostOrdersOfOne));
        }

        await AssertRefusedAsync(DisclosureRefusal.TooManyOrders, () => _desk.OpenAsync(Naming(A)));
        _desk.Folder.Time.Advance(TimeSpan.FromDays(7)); // all have expired
        var order = await _desk.OpenAsync(Naming(A));

        Assert.Equal(order.Id, Assert.Single(_desk.Book.Latest(), static one => one.Commitments is not null).Id);
    }

    [Fact]
    public async Task Open_AsManyAsOneMayHave_RefusesOneMoreOfTheSameOnly()
    {
        var last = (Id: "", Key: "");
        for (var i = 0; i < DisclosureGate.MostOrdersOfOne; i++)
        {
            last = await _desk.OpenAsync(Naming(A));
        }

        await AssertRefusedAsync(DisclosureRefusal.TooManyOrdersOfOne, () => _desk.OpenAsync(Naming(A)));
        await _desk.OpenAsync(Naming(A), by: Third);
        await _desk.Gate.RejectAsync(last.Id, Third);
        await _desk.OpenAsync(Naming(A));
    }

    [Fact]
    public async Task Open_SeveralAtOnceForTheLastPlace_OneSucceeds()
    {
        for (var i = 1; i < DisclosureGate.MostOrdersOfOne; i++)
        {
            await _desk.OpenAsync(Naming(A));
        }

        for (var round = 0; round < Rounds; round++)
        {
            Assert.Equal(1, await SucceededAsync(_ => _desk.OpenAsync(Naming(A))));
            await _desk.Gate.RejectAsync(_desk.Book.Latest()[0].Id, Second);
        }
    }

    private static LedgerActor Person(int number) => new("legal-desk", $"spiffe://example.org/legal/{number}", new string('d', 64));

    // As a call does that somebody made at that moment: what it throws is its own.
    private static async Task BegunAsync(Func<Task> act) => await act();

    private static async Task<int> SucceededAsync(Func<int, Task> act)
    {
        var succeeded = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            try
            {
                await act(i);
                return true;
            }
            catch (DisclosureRefusedException e) when (e.Refusal is DisclosureRefusal.WrongState or DisclosureRefusal.BeingDecided or DisclosureRefusal.TooManyOrdersOfOne)
            {
                return false;
            }
        })));
        return succeeded.Count(static one => one);
    }

    private static async Task<DisclosureRefusedException> AssertRefusedAsync(DisclosureRefusal expected, Func<Task> act, DisclosureState state = default)
    {
        var refused = await Assert.ThrowsAsync<DisclosureRefusedException>(act);
        Assert.Equal((expected, state), (refused.Refusal, refused.State));
        return refused;
    }
}
