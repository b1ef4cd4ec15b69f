using System.Globalization;
using System.Reflection;
using Google.Rpc;
using Grpc.Core;
using SpamGuard.Cli.Calls;

namespace SpamGuard.Cli.Doctor;

/// <summary>What a server says of itself and of its caller. All of it is asked by calls that count nothing and keep nothing.</summary>
/// <param name="connection">The server.</param>
/// <param name="wanted">Roles that the caller must have.</param>
/// <param name="report">Takes what is found.</param>
internal sealed class CallChecks(Connection connection, IReadOnlyList<string> wanted, DoctorReport report)
{
    /// <summary>Why it is not known what a server says only since it has headers for it.</summary>
    public const string Older = "this server does not say: it is older than this program";
    private static readonly TimeSpan Drift = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Wrong = TimeSpan.FromMinutes(2); // beyond it a server writes nothing

    /// <summary>Asks.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (await FactsAsync(cancellationToken) is not { } facts)
        {
            return;
        }

        Version(facts);
        Caller(facts);
        Clock(CheckNames.Clock, facts.Offset, "this machine", "Set the clock of this machine, or of the server, by NTP: certificates are judged by it.");
        var store = new StoreChecks(connection, report);
        await store.RunAsync(facts, cancellationToken);
        await new PolicyChecks(connection, report).RunAsync(facts, store.Seen, cancellationToken);
        await new LatencyCheck(connection, report).RunAsync(facts, cancellationToken);
    }

    /// <summary>Adds how far a clock is from another.</summary>
    public static (CheckState State, string Found) Offset(TimeSpan offset) => (
        offset.Duration() > Wrong ? CheckState.Fail : offset.Duration() > Drift ? CheckState.Warn : CheckState.Ok,
        string.Create(CultureInfo.InvariantCulture, $"{offset.TotalSeconds:+0.0;-0.0;0.0} s"));

    private void Clock(string name, TimeSpan? offset, string than, string fix)
    {
        if (offset is not { } known)
        {
            report.Add(name, CheckState.Unknown, "the answer has no date");
            return;
        }

        var (state, found) = Offset(known);
        report.Add(name, state, $"the server's clock less that of {than}: {found}, to about a second", state is CheckState.Ok ? "" : fix);
    }

    private async Task<ServerFacts?> FactsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var facts = await ServerFacts.AskAsync(connection.Calls, connection.Options(cancellationToken));
            report.Add(
                CheckNames.Health,
                facts.IsServing ? CheckState.Ok : CheckState.Fail,
                facts.IsServing ? "SERVING" : "NOT_SERVING",
                facts.IsServing ? "" : "The process ends, or lacks a pepper of the store's live epochs: see its log, and try again or another one.");
            return facts;
        }
        catch (RpcException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Refused(e);
            return null;
        }
    }

    private void Refused(RpcException failure)
    {
        var found = CallFailure.Describe(failure, connection.Server);
        if (failure.StatusCode is StatusCode.Unauthenticated or StatusCode.PermissionDenied)
        {
            report.Add(CheckNames.Health, CheckState.Ok, "it answers");
            report.Stop(CheckNames.Caller, found, string.Equals(failure.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason, "CERTIFICATE_MISSING", StringComparison.Ordinal)
                ? "Give the certificate of a caller by --cert and --key."
                : "Use a client certificate of the server's authority (Tls:ClientCaPath) that is in force, one of whose names stands in its file of callers (Callers:Path) and not in that of denied ones.");
        }
        else
        {
            report.Stop(
                CheckNames.Health,
                found,
                failure.StatusCode is StatusCode.Unimplemented ? "Name the gRPC port of a SpamGuard server, which is 5080 unless configured otherwise." : "See the server's log, and whether this is its gRPC port, which is 5080 unless configured otherwise.",
                isUnreachable: failure.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded);
        }
    }

    private void Version(ServerFacts facts)
    {
        var own = typeof(CallChecks).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
        if (facts.Version is not { } theirs)
        {
            report.Add(CheckNames.Version, CheckState.Unknown, Older);
        }
        else
        {
            var isSame = string.Equals(theirs, own, StringComparison.Ordinal);
            report.Add(CheckNames.Version, isSame ? CheckState.Ok : CheckState.Warn, $"server {theirs}, this program {own}", isSame ? "" : "Install the command line of the server's version: verbs may miss what it can do.");
        }
    }

    private void Caller(ServerFacts facts)
    {
        if (facts.Caller is not { } caller)
        {
            report.Add(CheckNames.Caller, CheckState.Unknown, Older);
        }
        else
        {
            var isNobody = string.Equals(caller, "development", StringComparison.Ordinal);
            report.Add(
                CheckNames.Caller,
                isNobody ? CheckState.Warn : CheckState.Ok,
                isNobody ? "callers are not told apart: everybody may everything" : caller,
                isNobody ? "Fine on a developer's machine; in production give the server certificates and a file of callers." : "");
        }

        var missing = wanted.Except(facts.Roles, StringComparer.Ordinal).ToList();
        if (facts.Methods is not { } methods)
        {
            report.Add(CheckNames.Roles, CheckState.Unknown, Older);
            return;
        }

        var found = $"{string.Join(", ", facts.Roles)}; may call here: {(methods.Count == 0 ? "nothing" : string.Join(", ", methods))}";
        report.Add(
            CheckNames.Roles,
            missing.Count > 0 ? CheckState.Fail : methods.Count == 0 ? CheckState.Warn : CheckState.Ok,
            missing.Count > 0 ? $"lacks {string.Join(", ", missing)}; has {found}" : found,
            missing.Count > 0 ? "Give the caller the role in the server's file of callers (Callers:Path)."
                : methods.Count == 0 ? "None of its roles is of use on this process: the desk serves privacy, legal and overrides, the others score." : "");
    }
}
