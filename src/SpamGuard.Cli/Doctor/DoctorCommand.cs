using System.CommandLine;
using Grpc.Net.Client;
using SpamGuard.Cli.Calls;

namespace SpamGuard.Cli.Doctor;

/// <summary><c>spamguard doctor</c>: whether a server can be called from here, step by step, and what to do where it can't.</summary>
internal sealed class DoctorCommand : Command
{
    private static readonly string[] RoleNames = ["scorer", "reporter", "operator", "privacy", "legal"];

    private readonly Option<string[]> _roles = new("--role")
    {
        Description = "A role that this caller must have; may be given several times. [default: none, and its roles are shown]", HelpName = string.Join('|', RoleNames), DefaultValueFactory = static _ => [],
    };

    private readonly Terminal _terminal;
    private readonly ServerCall _call;

    /// <summary>The verb.</summary>
    public DoctorCommand(Terminal terminal)
        : base("doctor", "Finds out whether a server can be called from here, and says what to do where it can't: name, connection, certificates, who we are to it and what we may call, its store, clocks, policy and tags. Counts nothing. Exits with 6 where something fails, with 5 where nobody answers.")
    {
        _terminal = terminal;
        _roles.AcceptOnlyFromAmong(RoleNames);
        Add(_roles);
        _call = new ServerCall(this, terminal);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (_call.TargetOrSay(parsed) is not { } target)
        {
            return ExitCodes.Usage;
        }

        var (url, handler, patience) = target;
        var report = new DoctorReport(url);
        using var channel = GrpcChannel.ForAddress(url, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        if (await new NetworkChecks(url, handler.SslOptions, patience, report).RunAsync(cancellationToken))
        {
            await new CallChecks(new Connection(channel.CreateCallInvoker(), url, patience), parsed.GetRequiredValue(_roles), report).RunAsync(cancellationToken);
        }

        if (_call.IsJson(parsed))
        {
            _terminal.WriteJson(report.ToJson());
        }
        else
        {
            _terminal.Write(report.Table());
        }

        _terminal.Say(report.Summary());
        return report.ExitCode;
    }
}
