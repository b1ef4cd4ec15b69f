using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using SpamGuard.Cli.Calls;
using SpamGuard.V1;

namespace SpamGuard.Cli.PolicyFiles;

/// <summary><c>spamguard policy get</c>: the policy that a server has in force.</summary>
internal sealed class PolicyGetCommand : Command
{
    private readonly ServerCall _call;

    /// <summary>The verb.</summary>
    public PolicyGetCommand(Terminal terminal)
        : base("get", "Prints the policy that a server has in force, every key of it, and what is wrong with its file; exits with 6 where the file is refused and an earlier policy is in force.")
    {
        _call = new ServerCall(this, terminal);
        SetAction(RunAsync);
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken) => _call.RunAsync(
        parsed,
        static (invoker, options) => new PolicyService.PolicyServiceClient(invoker).GetAsync(new PolicyServiceGetRequest(), options),
        Tables,
        static response => response.Faults.Count == 0 ? ExitCodes.Ok : ExitCodes.VerificationFailed,
        cancellationToken);

    private static IEnumerable<TextTable> Tables(PolicyServiceGetResponse response) =>
    [
        new TextTable(
            ["field", "value"],
            [
                ["policy_revision", response.PolicyRevision],
                ["load_time", CallText.Of(response.LoadTime)],
                ["source", CallText.Of(response.Source)],
                ["candidate", response.Candidate is null ? "false" : "true"],
            ]),
        new TextTable(["key", "value"], [.. Leaves(string.Empty, response.Policy), .. Leaves("shadow.", response.Candidate)], Prefix: "policy"),
        new TextTable(
            ["line", "path", "description"],
            [.. response.Faults.Select(static fault => (IReadOnlyList<string>)[CallText.Of(fault.Line), fault.Path, fault.Description])],
            Prefix: "fault"),
    ];

    private static IEnumerable<IReadOnlyList<string>> Leaves(string prefix, Struct? policy) => (policy?.Fields ?? []).SelectMany(field =>
        field.Value.KindCase is Value.KindOneofCase.StructValue ? Leaves($"{prefix}{field.Key}.", field.Value.StructValue) : [[prefix + field.Key, ServerCall.Json(field.Value).ToJsonString()]]);
}
