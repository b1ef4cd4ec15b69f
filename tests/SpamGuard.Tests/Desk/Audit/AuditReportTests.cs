using SpamGuard.Desk.Audit;
using SpamGuard.Storage;

namespace SpamGuard.Tests.Desk.Audit;

public sealed class AuditReportTests
{
    private static readonly ServerVisit Master = new("m", IsMaster: true, 1, 0, Problem: null);
    private static readonly ServerVisit Replica = new("r", IsMaster: false, 1, 0, Problem: null);

    [Fact]
    public void Outcome_EverythingSeenAndRight_IsClean() => Assert.Equal(AuditOutcome.Clean, Report([Master, Replica]).Outcome);

    [Theory]
    [InlineData(SettingState.Wrong)]
    [InlineData(SettingState.Unknown)]
    internal void Outcome_SettingThatIsNotKnownToBeRight_IsAViolation(SettingState state) =>
        Assert.Equal(AuditOutcome.Violation, Report([Master], state: state).Outcome);

    [Fact]
    public void Outcome_FaultyKey_IsAViolationThoughItIsDeleted()
    {
        var tally = new KeyTally(Keys.Kinds[0]);
        tally.Faulty(KeyFault.OverCap);
        tally.Deleted(KeyFault.OverCap);

        Assert.Equal(AuditOutcome.Violation, Report([Master], tally).Outcome);
    }

    [Fact]
    public void Outcome_NotEverythingSeen_IsIncompleteWhateverWasFound()
    {
        Assert.Equal(AuditOutcome.Incomplete, Report([]).Outcome);
        Assert.Equal(AuditOutcome.Incomplete, Report([Replica]).Outcome); // no master: whose replica is it?
        Assert.Equal(AuditOutcome.Incomplete, Report([Master], unknownServers: 1).Outcome);
        Assert.All(Enum.GetValues<VisitProblem>(), static problem => Assert.Equal(AuditOutcome.Incomplete, Report([Master, Replica with { Problem = problem }]).Outcome));
        Assert.Equal(AuditOutcome.Incomplete, Report([Master with { Problem = VisitProblem.Away }], state: SettingState.Wrong).Outcome);
    }

    private static AuditReport Report(IReadOnlyList<ServerVisit> visits, KeyTally? tally = null, SettingState state = SettingState.Ok, int unknownServers = 0) =>
        new(visits, unknownServers, tally is null ? [] : [tally], Foreign: 0, Remaining: 0, [new SettingFinding(StoreSettings.All[0], state, [])], TimeSpan.FromSeconds(1));
}
