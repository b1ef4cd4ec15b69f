using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SpamGuard.Cli.Calls;
using SpamGuard.V1;

namespace SpamGuard.Cli.Doctor;

/// <summary>Which policy judges, whether it is enforced or tried, and whether the tags that it speaks of are there.</summary>
/// <param name="connection">The server.</param>
/// <param name="report">Takes what is found.</param>
internal sealed class PolicyChecks(Connection connection, DoctorReport report)
{
    private static readonly string[] Kinds = ["sign_up", "message"];

    /// <summary>Asks.</summary>
    /// <param name="facts">What the server said.</param>
    /// <param name="seen">A preview's answer; <c>null</c> for none.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    public async Task RunAsync(ServerFacts facts, Assessment? seen, CancellationToken cancellationToken)
    {
        if (!facts.May("PolicyService/Get"))
        {
            Guess(facts, seen);
            return;
        }

        try
        {
            var response = await new PolicyService.PolicyServiceClient(connection.Calls).GetAsync(new PolicyServiceGetRequest(), connection.Options(cancellationToken));
            Judge(response);
            Tags(response, facts.Tags);
        }
        catch (RpcException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            report.Add(CheckNames.Policy, CheckState.Fail, CallFailure.Describe(e, connection.Server), "See the server's log.");
            report.Add(CheckNames.Tags, CheckState.Unknown, "the policy could not be read");
        }
    }

    // Who may not read the policy sees its revision in answers.
    private void Guess(ServerFacts facts, Assessment? seen)
    {
        var why = facts.Methods is null ? CallChecks.Older : "only role operator may read it";
        if (seen is null)
        {
            report.Add(CheckNames.Policy, CheckState.Unknown, why);
        }
        else
        {
            report.Add(
                CheckNames.Policy,
                CheckState.Ok,
                $"revision {seen.PolicyRevision}{(seen.ShadowVerdict is Verdict.Unspecified ? "" : "; something is in shadow, and decides nothing")}; the rest is not known: {why}");
        }

        report.Add(CheckNames.Tags, CheckState.Unknown, $"the policy is not known: {why}");
    }

    private void Judge(PolicyServiceGetResponse response)
    {
        var caps = Kinds.Select(kind => (Kind: kind, Cap: Section(response.Policy, kind)?.Fields.GetValueOrDefault("cap")?.StringValue is { Length: > 0 } cap ? cap : "DENY")).ToList();
        var allowing = caps.Where(static one => one.Cap is "ALLOW").Select(static one => one.Kind).ToList();
        var found = string.Create(
            CultureInfo.InvariantCulture,
            $"revision {response.PolicyRevision} from {(response.Source is PolicySource.File ? "a file" : "no file: the built-in one")} since {CallText.Of(response.LoadTime)}; {string.Join(", ", caps.Select(static one => $"{one.Kind} up to {one.Cap}"))}{(response.Candidate is null ? "" : "; a candidate is in shadow, and decides nothing")}");
        if (response.Faults is [var fault, ..])
        {
            report.Add(CheckNames.Policy, CheckState.Fail, $"{found}; its file is refused, first for line {fault.Line} {fault.Path}: {fault.Description}", "Mend the file (spamguard policy validate names every fault): until then the policy of before is in force.");
        }
        else if (allowing.Count > 0)
        {
            report.Add(CheckNames.Policy, CheckState.Warn, found, $"Nothing harder than ALLOW is answered: raise cap of {string.Join(" and ", allowing)} once verdicts are to be enforced.");
        }
        else if (response.Candidate is not null)
        {
            report.Add(CheckNames.Policy, CheckState.Warn, found, "When what the candidate would do pleases, move its keys up and take shadow away.");
        }
        else
        {
            report.Add(CheckNames.Policy, CheckState.Ok, found);
        }
    }

    private void Tags(PolicyServiceGetResponse response, IReadOnlyList<string>? there)
    {
        var named = Kinds.SelectMany(kind => Section(response.Policy, kind)?.Fields.GetValueOrDefault("tags")?.StructValue?.Fields.Keys ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (there is null)
        {
            report.Add(CheckNames.Tags, CheckState.Unknown, "this process does not say");
            return;
        }

        var missing = named.Except(there, StringComparer.Ordinal).ToList();
        report.Add(
            CheckNames.Tags,
            missing.Count == 0 ? CheckState.Ok : CheckState.Warn,
            $"named by the policy: {List(named)}; in the files: {List(there)}",
            missing.Count == 0 ? "" : $"Put files for {List(missing)} into the server's Tags:Path, or take the keys out of the policy: they have no effect.");
    }

    private static string List(IReadOnlyCollection<string> names) => names.Count == 0 ? "none" : string.Join(", ", names);

    private static Struct? Section(Struct policy, string kind) => policy.Fields.GetValueOrDefault(kind)?.StructValue;
}
