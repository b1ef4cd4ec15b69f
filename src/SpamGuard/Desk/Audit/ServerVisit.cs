using SpamGuard.Storage;

namespace SpamGuard.Desk.Audit;

/// <summary>How the visit to one server ended.</summary>
/// <param name="Server">Host and port.</param>
/// <param name="IsMaster">Its part; <c>null</c> where it was not told.</param>
/// <param name="Keys">Keys that were alive there, ours or not.</param>
/// <param name="Expired">Expired keys in memory: on a master those that the pass freed, on a replica those that it still holds.</param>
/// <param name="Problem">Why it is not complete; <c>null</c> for a whole visit.</param>
internal sealed record ServerVisit(string Server, bool? IsMaster, long Keys, long Expired, VisitProblem? Problem);

/// <summary>Why a visit is not complete.</summary>
internal enum VisitProblem
{
    /// <summary>There is no connection, or it broke, or an answer did not come.</summary>
    Away,

    /// <summary>The server refused a command, or answered what can't be read.</summary>
    Refused,

    /// <summary>Its part in replication changed meanwhile, or it started anew.</summary>
    RoleChanged,
}

/// <summary>Names of problems.</summary>
internal static class VisitProblems
{
    /// <summary>The problem that a failed call means.</summary>
    public static VisitProblem Of(StoreException failure) =>
        failure.Failure is StoreFailure.Refused or StoreFailure.Malformed ? VisitProblem.Refused : VisitProblem.Away;

    /// <summary>The name used in reports.</summary>
    public static string Name(this VisitProblem problem) => problem switch
    {
        VisitProblem.Away => "away",
        VisitProblem.Refused => "refused",
        VisitProblem.RoleChanged => "role_changed",
        _ => throw new ArgumentOutOfRangeException(nameof(problem), problem, "A problem without a name."),
    };
}
