using Envoy.Service.Auth.V3;
using Google.Protobuf;
using Grpc.Core;
using SpamGuard.Promise.World;
using SpamGuard.Server.Callers;
using SpamGuard.Testing;
using SpamGuard.Testing.Privacy;
using SpamGuard.V1;

namespace SpamGuard.Promise.Clauses;

/// <summary>Every method by a caller of every role and by one of all, on the process that scores and on the desk, and callers with a purpose and a quota.</summary>
internal sealed class RolesAreKept : IClause
{
    private const string Missing = "ROLE_MISSING";
    private const string Absent = nameof(StatusCode.Unimplemented);
    private static readonly IReadOnlyList<string> Privileged =
    [
        SubjectService.Descriptor.FullName, EpochService.Descriptor.FullName, DisclosureService.Descriptor.FullName, TransparencyService.Descriptor.FullName,
        OverrideService.Descriptor.FullName,
    ];
    private static readonly IReadOnlyList<string> Scoring = [ScoringService.Descriptor.FullName, FeedbackService.Descriptor.FullName, Authorization.Descriptor.FullName];
    private static readonly byte[] NoMessage = [.. new ScoreRequest { Event = Traffic.SignUp(Canaries.V4) }.ToByteArray(), 0x08]; // a field without its value ends it
    private static readonly Marshaller<byte[]> Bytes = new(static bytes => bytes, static bytes => bytes);

    public string Name => "a role for every call";

    public string Promise => "Each caller may do what its role says and nothing else: no score for reporters, no privileged call for scorers, no kind of event beyond its purpose, no call beyond its quota.";

    public async Task RunAsync(RunningWorld world, Findings findings, CancellationToken cancellationToken)
    {
        var unlisted = MethodRoles.All.Keys.Except(RoleTable.All.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        findings.Must(unlisted.Count == 0, unlisted.Count == 0 ? $"{RoleTable.All.Count} methods, and the service lets nobody call any other" : $"methods that are not in the table: {string.Join(", ", unlisted)}");
        await RolesAsync("the process that scores", world.Service, findings, Privileged);
        await RolesAsync("the desk", world.Desk, findings, Scoring);
        var (signUp, message) = (await Reply.OfScoreAsync(world.Service.As(Callers.Forms), Canaries.V4), await Reply.OfScoreAsync(world.Service.As(Callers.Forms), Canaries.V4, EventKind.Message));
        findings.Must((signUp, message) == (Reply.Served, "PURPOSE_NOT_ALLOWED"), $"a caller for sign-ups only: a sign-up {signUp}, a message {message}");
        var calls = new List<string>();
        for (var i = 0; i <= Callers.QuotaOfLimited; i++)
        {
            calls.Add(await Reply.OfScoreAsync(world.Service.As(Callers.Limited), Canaries.V4));
        }

        findings.Must(
            calls[..^1].TrueForAll(static call => call == Reply.Served) && calls[^1] == "QUOTA_EXCEEDED",
            $"a caller with a quota of {Callers.QuotaOfLimited} calls: {string.Join(", ", calls)}");
    }

    /// <summary>Every method by every role.</summary>
    /// <param name="who">Which process it is.</param>
    /// <param name="process">The process.</param>
    /// <param name="findings">Takes what was found.</param>
    /// <param name="unserved">Services that it serves to nobody.</param>
    private static async Task RolesAsync(string who, ServiceProcess process, Findings findings, IReadOnlyList<string> unserved)
    {
        var (passed, refused, absent, wrong) = (0, 0, 0, new List<string>());
        foreach (var (path, may) in RoleTable.All)
        {
            foreach (var (caller, roles) in Callers.Roles)
            {
                var answer = await OfAsync(process, caller, path);
                var mayCall = (may & Enum.Parse<CallerRoles>(roles, ignoreCase: true)) != CallerRoles.None;
                var isRight = mayCall ? answer != Missing : answer is Missing;
                if (unserved.Contains(path.Split('/')[1], StringComparer.Ordinal))
                {
                    isRight = answer is Absent or Missing;
                }
                else if (answer == Absent)
                {
                    isRight = IsDescriptor(path);
                }

                if (!isRight)
                {
                    wrong.Add($"{path} by {caller} ({answer})");
                }

                absent += answer == Absent ? 1 : 0;
                refused += answer == Missing ? 1 : 0;
                passed += answer is Missing or Absent ? 0 : 1;
            }
        }

        findings.Must(
            wrong.Count == 0,
            $"{who}: {RoleTable.All.Count} methods by {Callers.Roles.Count} callers, {passed} let through, {refused} refused and {absent} not served"
            + (wrong.Count == 0 ? ", each as the table of roles says" : $"; not as the table says: {string.Join(", ", wrong)}"));
    }

    /// <summary>Whether a method answers what the protos say, which is public, and served in development only: not here.</summary>
    private static bool IsDescriptor(string path) => path.Contains("reflection", StringComparison.Ordinal);

    /// <summary>Calls with what is no message, so that nothing is done, and waits for the first answer, whatever sort of method it is: on the wire they are all alike.</summary>
    private static Task<string> OfAsync(ServiceProcess process, string caller, string path) => Reply.OfAsync(async () =>
    {
        var parts = path.Split('/');
        var method = new Method<byte[], byte[]>(MethodType.DuplexStreaming, parts[1], parts[2], Bytes, Bytes);
        using var call = process.As(caller).CreateCallInvoker().AsyncDuplexStreamingCall(method, host: null, new CallOptions());
        try
        {
            await call.RequestStream.WriteAsync(NoMessage).DefaultTimeout();
            await call.RequestStream.CompleteAsync().DefaultTimeout();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // refused before it was written: the answer says why
        }

        await call.ResponseStream.MoveNext(CancellationToken.None).DefaultTimeout();
    });
}
