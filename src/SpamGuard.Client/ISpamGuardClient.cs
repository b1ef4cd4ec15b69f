using Grpc.Core;
using SpamGuard.V1;

namespace SpamGuard.Client;

/// <summary>
/// Asks SpamGuard. One for the whole process, by <see cref="SpamGuardClientServiceCollectionExtensions.AddSpamGuardClient(Microsoft.Extensions.DependencyInjection.IServiceCollection, Action{SpamGuardClientOptions})"/>;
/// every member may be called by many threads at once.
/// </summary>
/// <remarks>
/// To be scored never fails by the service or the network: when there is no answer in time, the verdict is the one that <see cref="SpamGuardClientOptions.SignUp"/> or
/// <see cref="SpamGuardClientOptions.Message"/> has for that, and <see cref="SpamGuardAssessment.Source"/> says so.
/// </remarks>
public interface ISpamGuardClient
{
    /// <summary>Counts an event and says how likely it is spam. Call it once for each sign-up or message, before it is accepted; the same <see cref="SpamGuardEvent"/> again is a retry.</summary>
    /// <param name="spamEvent">The event.</param>
    /// <param name="cancellationToken">Stops waiting. The event may have been counted.</param>
    /// <returns>The verdict, when <see cref="SpamGuardClientOptions.Timeout"/> is over at the latest, and what a timer of the machine takes: some milliseconds.</returns>
    /// <exception cref="OperationCanceledException">By <paramref name="cancellationToken"/>.</exception>
    /// <exception cref="RpcException">The service can't take the event (<c>INVALID_ARGUMENT</c>): a fault of the calling code, which its detail names.</exception>
    Task<SpamGuardAssessment> ScoreAsync(SpamGuardEvent spamEvent, CancellationToken cancellationToken = default);

    /// <summary>Counts many events, each by itself, in calls of up to 256.</summary>
    /// <param name="spamEvents">The events; those on one address see each other in this order.</param>
    /// <param name="cancellationToken">Stops waiting. Some of the events may have been counted.</param>
    /// <returns>A verdict each, in the order of the events, each call's at the latest when <see cref="SpamGuardClientOptions.BatchTimeout"/> is over. An event that the service can't take has
    /// <see cref="FallbackCause.NotTaken"/> and the verdict of after the grace, and spoils no other.</returns>
    /// <exception cref="ArgumentException">One of the events is <c>null</c>: none was sent.</exception>
    /// <exception cref="OperationCanceledException">By <paramref name="cancellationToken"/>.</exception>
    Task<IReadOnlyList<SpamGuardAssessment>> ScoreManyAsync(IReadOnlyCollection<SpamGuardEvent> spamEvents, CancellationToken cancellationToken = default);

    /// <summary>Says what <see cref="ScoreAsync"/> would, and counts nothing: before a form is shown, for example.</summary>
    /// <inheritdoc cref="ScoreAsync"/>
    Task<SpamGuardAssessment> PreviewAsync(SpamGuardEvent spamEvent, CancellationToken cancellationToken = default);

    /// <summary>Says what is to be said now of an event that was scored before, and counts nothing: after a challenge, for example.</summary>
    /// <param name="decisionToken"><see cref="SpamGuardAssessment.DecisionToken"/> of an answer to the same caller.</param>
    /// <param name="kind">What the event was, for the verdict while the service is away.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The verdict, at the latest when <see cref="SpamGuardClientOptions.Timeout"/> is over.</returns>
    /// <exception cref="OperationCanceledException">By <paramref name="cancellationToken"/>.</exception>
    /// <exception cref="RpcException">The token is none (<c>INVALID_ARGUMENT</c>), has expired, after at least 3.5 days (<c>FAILED_PRECONDITION</c>), or is of an answer to another caller
    /// (<c>PERMISSION_DENIED</c>, with the reason <c>DECISION_TOKEN_OF_ANOTHER_CALLER</c>).</exception>
    Task<SpamGuardAssessment> PreviewAsync(string decisionToken, EventKind kind, CancellationToken cancellationToken = default);

    /// <summary>Says what was decided and why, from the decision token alone.</summary>
    /// <param name="decisionToken"><see cref="SpamGuardAssessment.DecisionToken"/>, of an answer to any caller.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="OperationCanceledException">By <paramref name="cancellationToken"/>.</exception>
    /// <exception cref="RpcException">The token is none (<c>INVALID_ARGUMENT</c>) or has expired, after at least 3.5 days (<c>FAILED_PRECONDITION</c>); this caller may not ask that; or there was no answer
    /// within <see cref="SpamGuardClientOptions.ReportTimeout"/>.</exception>
    Task<ExplainResponse> ExplainAsync(string decisionToken, CancellationToken cancellationToken = default);

    /// <summary>Reports what became of a scored event. To report the same twice does no harm.</summary>
    /// <param name="decisionToken"><see cref="SpamGuardAssessment.DecisionToken"/>, of an answer to any caller; kept with the account or the message, for 3.5 days.</param>
    /// <param name="label">What became of it.</param>
    /// <param name="reporter">An opaque digest of the person who complains, up to 256 bytes of UTF-8; <c>null</c> where nobody does.</param>
    /// <param name="cancellationToken">Stops waiting. The report may have been counted.</param>
    /// <exception cref="OperationCanceledException">By <paramref name="cancellationToken"/>.</exception>
    /// <exception cref="ArgumentException">The token is empty, or the reporter too long.</exception>
    /// <exception cref="RpcException">The token or the label is none (<c>INVALID_ARGUMENT</c>); the token has expired, after at least 3.5 days (<c>FAILED_PRECONDITION</c>): there is nothing more to report on; this
    /// caller may not report that; or there was no answer within <see cref="SpamGuardClientOptions.ReportTimeout"/>: report it again later. It is sent once, so that <see cref="ReportResult.Duplicate"/> always
    /// means that another call reported it.</exception>
    Task<ReportOutcomeResponse> ReportAsync(string decisionToken, OutcomeLabel label, string? reporter = null, CancellationToken cancellationToken = default);

    /// <summary>Reports what became of an event that was never scored, or whose token is gone. To report the same <see cref="SpamGuardEvent"/> twice does no harm; one made anew counts again.</summary>
    /// <param name="spamEvent">The event.</param>
    /// <param name="label">What became of it.</param>
    /// <param name="reporter">An opaque digest of the person who complains, up to 256 bytes of UTF-8; <c>null</c> where nobody does.</param>
    /// <param name="cancellationToken">Stops waiting. The report may have been counted.</param>
    /// <returns>What it did; where it had to be sent again, <see cref="ReportResult.Duplicate"/> may be said of this very call.</returns>
    /// <inheritdoc cref="ReportAsync(string, OutcomeLabel, string?, CancellationToken)"/>
    Task<ReportOutcomeResponse> ReportAsync(SpamGuardEvent spamEvent, OutcomeLabel label, string? reporter = null, CancellationToken cancellationToken = default);
}
