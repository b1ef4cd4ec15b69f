using System.Globalization;
using Google.Rpc;
using Grpc.Core;
using SpamGuard.Policies;
using SpamGuard.Server.Edge;
using SpamGuard.Server.Grpc;

namespace SpamGuard.Server.Http;

/// <summary>What a proxy says behind <c>/authz</c>: the kind of event, and which statuses it understands.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Challenge">The status for a client that is to be challenged: 401, 403, or 204 where the application sees to it.</param>
/// <param name="Throttle">The status for one that is to wait: 429 or 403.</param>
internal readonly record struct AuthzQuery(EventKind Kind, int Challenge, int Throttle)
{
    private const string KindName = "kind";
    private const string ChallengeName = "challenge";
    private const string ThrottleName = "throttle";

    /// <summary>Reads one.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT, with everything that is wrong.</exception>
    public static AuthzQuery Read(IQueryCollection query)
    {
        var violations = new List<BadRequest.Types.FieldViolation>();
        if (EdgeScorer.Fault(KindName, query[KindName], out var kind) is { } fault)
        {
            violations.Add(fault);
        }

        var challenge = Status(query, ChallengeName, [StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status204NoContent], violations);
        var throttle = Status(query, ThrottleName, [StatusCodes.Status429TooManyRequests, StatusCodes.Status403Forbidden], violations);
        if (query.Keys.Any(static key => key is not (KindName or ChallengeName or ThrottleName)))
        {
            violations.Add(Violations.Of("query", "PARAMETER_UNKNOWN", $"Send {KindName}, {ChallengeName} and {ThrottleName}, in lower case, and nothing else."));
        }

        return violations.Count == 0 ? new AuthzQuery(kind, challenge, throttle) : throw Errors.BadRequest(violations).ToRpcException();
    }

    /// <summary>The status of a verdict.</summary>
    public int Status(Verdict verdict) => verdict switch
    {
        Verdict.Challenge => Challenge,
        Verdict.Throttle => Throttle,
        Verdict.Deny => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status204NoContent,
    };

    // The first is what it is where nothing is said.
    private static int Status(IQueryCollection query, string name, int[] allowed, List<BadRequest.Types.FieldViolation> violations)
    {
        if (!query.TryGetValue(name, out var text))
        {
            return allowed[0];
        }

        var found = Array.Find(allowed, status => string.Equals(status.ToString(CultureInfo.InvariantCulture), text, StringComparison.Ordinal));
        if (found == 0)
        {
            violations.Add(Violations.Of(name, "STATUS_UNKNOWN", $"Set {name} to one of {string.Join(", ", allowed)}, or leave it out."));
        }

        return found;
    }
}
