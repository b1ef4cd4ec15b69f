extern alias client;

using client::SpamGuard.Client;
using client::SpamGuard.Client.Testing;
using client::SpamGuard.V1;

namespace SpamGuard.IntegrationTests.AspNetCore;

/// <summary>A fake whose previews say what is set meanwhile: more became known of the address, or it calmed down.</summary>
internal sealed class ChangingClient(FakeSpamGuardClient inner) : ISpamGuardClient
{
    public FakeSpamGuardClient Inner => inner;

    public Verdict Now { get; set; }

    public Task<SpamGuardAssessment> ScoreAsync(SpamGuardEvent spamEvent, CancellationToken cancellationToken = default) => inner.ScoreAsync(spamEvent, cancellationToken);

    public Task<IReadOnlyList<SpamGuardAssessment>> ScoreManyAsync(IReadOnlyCollection<SpamGuardEvent> spamEvents, CancellationToken cancellationToken = default) =>
        inner.ScoreManyAsync(spamEvents, cancellationToken);

    public Task<SpamGuardAssessment> PreviewAsync(SpamGuardEvent spamEvent, CancellationToken cancellationToken = default) => inner.PreviewAsync(spamEvent, cancellationToken);

    public Task<SpamGuardAssessment> PreviewAsync(string decisionToken, EventKind kind, CancellationToken cancellationToken = default) => Task.FromResult(FakeSpamGuardClient.Assessment(Now));

    public Task<ExplainResponse> ExplainAsync(string decisionToken, CancellationToken cancellationToken = default) => inner.ExplainAsync(decisionToken, cancellationToken);

    public Task<ReportOutcomeResponse> ReportAsync(string decisionToken, OutcomeLabel label, string? reporter = null, CancellationToken cancellationToken = default) =>
        inner.ReportAsync(decisionToken, label, reporter, cancellationToken);

    public Task<ReportOutcomeResponse> ReportAsync(SpamGuardEvent spamEvent, OutcomeLabel label, string? reporter = null, CancellationToken cancellationToken = default) =>
        inner.ReportAsync(spamEvent, label, reporter, cancellationToken);
}
