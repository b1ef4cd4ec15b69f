using Grpc.Core;
using SpamGuard.Cli.Calls;
using SpamGuard.V1;

namespace SpamGuard.Cli.Doctor;

/// <summary>How the store is, as the server sees it: by a preview on a documentation address, which counts nothing, where the caller may ask for one; else by what the server met last.</summary>
/// <param name="connection">The server.</param>
/// <param name="report">Takes what is found.</param>
internal sealed class StoreChecks(Connection connection, DoctorReport report)
{
    /// <summary>From 192.0.2.0/24, of RFC 5737, and none of those that a policy may answer as test addresses.</summary>
    private const string Nobody = "192.0.2.200";

    /// <summary>What the preview answered; <c>null</c> where there was none.</summary>
    public Assessment? Seen { get; private set; }

    /// <summary>A request to preview an event that never was.</summary>
    public static PreviewRequest Preview(EventKind kind) => new() { Event = new Event { Kind = kind, Address = Nobody } };

    /// <summary>Asks.</summary>
    public async Task RunAsync(ServerFacts facts, CancellationToken cancellationToken)
    {
        if (facts.May("ScoringService/Preview"))
        {
            Seen = await PreviewAsync(EventKind.SignUp, cancellationToken) ?? await PreviewAsync(EventKind.Message, cancellationToken);
            facts = Seen is null ? facts : await ServerFacts.AskAsync(connection.Calls, connection.Options(cancellationToken)); // by now it knows
        }

        var (state, found) = facts.Store switch
        {
            "skewed" => (CheckState.Fail, "its clock is too far from the server's: nothing is written"),
            _ when Seen?.Quality is Quality.Degraded => (CheckState.Fail, "a preview was answered without it"),
            _ when Seen?.Quality is Quality.Full => (CheckState.Ok, "a preview was answered by it"),
            "away" => (CheckState.Fail, "the server's last call to it failed"),
            "ok" => (CheckState.Ok, "the server's last call to it was answered"),
            _ => (CheckState.Unknown, "this process does not say"),
        };
        report.Add(
            CheckNames.Store, state, found, state is CheckState.Fail ? "See that Redis runs, that the server reaches it (ConnectionStrings:Signals, its TLS and its ACL) and what the server's log says of it; see also store_clock." : "");
        if (facts.StoreOffset is not { } offset)
        {
            report.Add(CheckNames.StoreClock, CheckState.Unknown, "this process does not say");
            return;
        }

        var (clock, seconds) = CallChecks.Offset(offset);
        report.Add(CheckNames.StoreClock, clock, $"the store's clock less the server's: {seconds}", clock is CheckState.Ok ? "" : "Set the clocks of the server's machine and of the store's by NTP; beyond two minutes nothing is written.");
    }

    // Null where this caller may not ask for this kind, or not now.
    private async Task<Assessment?> PreviewAsync(EventKind kind, CancellationToken cancellationToken)
    {
        try
        {
            return (await new ScoringService.ScoringServiceClient(connection.Calls).PreviewAsync(Preview(kind), connection.Options(cancellationToken))).Assessment;
        }
        catch (RpcException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
