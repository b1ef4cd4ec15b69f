using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using SpamGuard.Promise.World;
using SpamGuard.Testing;
using SpamGuard.Testing.Privacy;

namespace SpamGuard.Promise.Clauses;

/// <summary>Calls the service without a certificate, with those that must not be let in, and in the clear on every port that it listens on.</summary>
internal sealed class CallersAreKnown : IClause
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public string Name => "callers are known";

    public string Promise => "Nobody is served without a certificate of the service's authority that names a caller and is not denied; a lost one is refused without a restart.";

    public async Task RunAsync(RunningWorld world, Findings findings, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var authority = world.Callers.Mounted.Authority;
        string[] known = [Callers.Uri(Callers.Scorer)];
        foreach (var (what, certificate, expected) in ((string, TestCertificate?, string)[])
        [
            ("a caller's certificate", world.Callers.Certificate(Callers.Scorer), Reply.Served),
            ("no certificate", null, "CERTIFICATE_MISSING"),
            ("one of another authority", world.Stranger.Client(known), "CERTIFICATE_UNTRUSTED"),
            ("one that expired", authority.Client(known, notAfter: now.AddMinutes(-1)), "CERTIFICATE_EXPIRED"),
            ("one that is not valid yet", authority.Client(known, notBefore: now.AddHours(1)), "CERTIFICATE_NOT_YET_VALID"),
            ("one without a name", authority.Client([]), "CERTIFICATE_WITHOUT_IDENTITY"),
            ("one of nobody that is a caller", authority.Client([Callers.Uri("nobody")]), "CALLER_UNKNOWN"),
            ("one that is denied", world.Callers.Certificate(Callers.Denied), "CERTIFICATE_DENIED"),
        ])
        {
            var answer = await Reply.OfScoreAsync(world.Service.With(certificate), Canaries.V4);
            findings.Must(answer == expected, $"{what}: {answer}");
        }

        await LostAsync(world, findings);
        await InTheClearAsync(world.Service, findings);
    }

    private static async Task LostAsync(RunningWorld world, Findings findings)
    {
        var connection = world.Service.As(Callers.Lost);
        var before = await Reply.OfScoreAsync(connection, Canaries.V4);
        var mounted = await File.ReadAllTextAsync(world.Callers.Mounted.PathOf("denied.txt"));
        world.Callers.Mounted.Exchange("denied.txt", $"{mounted}serial {world.Callers.Certificate(Callers.Lost).Serial}\n");
        var watch = Stopwatch.StartNew();
        var after = before;
        await Poll.UntilAsync(async () => (after = await Reply.OfScoreAsync(connection, Canaries.V4)) != Reply.Served || watch.Elapsed > Patience).DefaultTimeout();
        var seconds = watch.Elapsed.TotalSeconds;
        findings.Must(
            before == Reply.Served && after == "CERTIFICATE_DENIED",
            string.Create(CultureInfo.InvariantCulture, $"one that gets lost, on a connection that stays open: {before}, and {after} {seconds:0.0} s after its serial was denied"));
    }

    private static async Task InTheClearAsync(ServiceProcess service, Findings findings)
    {
        var ports = service.Ports();
        var serving = new List<int>();
        foreach (var port in ports)
        {
            using var channel = GrpcChannel.ForAddress(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
            var isServed = await Reply.OfScoreAsync(channel, Canaries.V4, headers: new Metadata { { "x-forwarded-client-cert", $"URI={Callers.Uri(Callers.Scorer)}" } });
            if (isServed == Reply.Served)
            {
                serving.Add(port);
            }
        }

        findings.Must(ports.Count > 0 && serving.Count == 0, $"in the clear, under a caller's name in a header: served on {serving.Count} of the {ports.Count} ports that it listens on");
    }
}
