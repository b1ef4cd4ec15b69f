using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SpamGuard.Client;
using SpamGuard.V1;

namespace SpamGuard.AspNetCore;

/// <summary>What a handler has of the check of its request.</summary>
public static class SpamGuardHttpContextExtensions
{
    /// <summary>The assessment that let the request through; <c>null</c> where there was no check.</summary>
    /// <param name="context">The request.</param>
    public static SpamGuardAssessment? GetSpamGuardAssessment(this HttpContext context) => Done(context)?.Assessment;

    /// <summary>What to keep with the account or the message, for reports: see <see cref="SpamGuardCheck.DecisionToken"/>. <c>null</c> where there was no check, or the service was away.</summary>
    /// <param name="context">The request.</param>
    public static string? GetSpamGuardDecisionToken(this HttpContext context) => Done(context)?.DecisionToken;

    /// <summary>Reports what became of this request's event, while it is still at hand; later it is <see cref="ISpamGuardClient"/> that takes the token. To report the same twice does no harm.</summary>
    /// <param name="context">The request.</param>
    /// <param name="label">What became of it.</param>
    /// <param name="reporter">An opaque digest of the person who complains; <c>null</c> where nobody does.</param>
    /// <param name="cancellationToken">Stops waiting. The report may have been counted.</param>
    /// <returns>The service's answer; <c>null</c> where the request had no address, and so there is nothing to report on.</returns>
    /// <exception cref="InvalidOperationException">There was no check.</exception>
    /// <exception cref="Grpc.Core.RpcException">As <see cref="ISpamGuardClient.ReportAsync(string, OutcomeLabel, string?, CancellationToken)"/> says.</exception>
    public static async Task<ReportOutcomeResponse?> ReportSpamGuardOutcomeAsync(this HttpContext context, OutcomeLabel label, string? reporter = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var check = SpamGuardCheck.Of(context);
        _ = check.Assessment;
        var client = context.RequestServices.GetRequiredService<ISpamGuardClient>();
        return check switch
        {
            { DecisionToken: { } token } => await client.ReportAsync(token, label, reporter, cancellationToken),
            { Event: { } spamEvent } => await client.ReportAsync(spamEvent, label, reporter, cancellationToken),
            _ => null,
        };
    }

    private static SpamGuardCheck? Done(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<SpamGuardCheck>() is { IsDone: true } check ? check : null;
    }
}
