using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using SpamGuard.Cli;
using SpamGuard.Cli.Calls;

namespace SpamGuard.Tests.Cli;

/// <summary>Messages where JSON is asked for.</summary>
public sealed class JsonMessagesTests
{
    [Fact]
    public async Task Run_CommandLineThatCantBeTaken_IsOneObject()
    {
        var (code, output, errors) = await CommandLines.RunAsync("score 198.18.7.9 --kind mail --timeout 5 --json");

        Assert.Equal((ExitCodes.Usage, ""), (code, output));
        var error = JsonNode.Parse(errors)!;
        Assert.Equal("USAGE", (string?)error["code"]);
        Assert.Contains("--timeout is a number and s, m, h or d", (string?)error["message"], StringComparison.Ordinal);
        Assert.Contains("sign-up", (string?)error["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_FileThatIsNotThere_SaysNotFound()
    {
        var (code, _, errors) = await CommandLines.RunAsync("policy validate /nowhere/policy.yaml --json");

        Assert.Equal((ExitCodes.NotFound, "NOT_FOUND"), (code, (string?)JsonNode.Parse(errors)!["code"]));
    }

    [Fact]
    public async Task Run_ArgumentThatMayBeAnAddress_IsNotRepeated()
    {
        var (code, _, errors) = await CommandLines.RunAsync("override list 198.18.7.9 --json");

        Assert.Equal(ExitCodes.Usage, code);
        Assert.StartsWith("There is an argument too many", (string?)JsonNode.Parse(errors)!["message"], StringComparison.Ordinal);
        Assert.DoesNotContain("198.18.7.9", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Tell_RefusedCall_HasCodeReasonMessageAndField()
    {
        var errors = new StringWriter();
        var terminal = new Terminal(TextWriter.Null, errors, static _ => null);
        var status = new Google.Rpc.Status { Code = (int)Code.InvalidArgument, Message = "See the fields." };
        var bad = new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = "event.kind", Description = "Set kind." } } };
        status.Details.Add([Any.Pack(new ErrorInfo { Reason = "INVALID_REQUEST", Domain = "spamguard" }), Any.Pack(bad)]);

        terminal.SpeakJson();
        terminal.Say("first");
        CallFailure.Tell(status.ToRpcException(), new Uri("http://spamguard.test:5080/"), terminal);
        terminal.End(ExitCodes.Usage);

        Assert.Equal(
            ["""{"message":"first"}""", """{"code":"INVALID_ARGUMENT","reason":"INVALID_REQUEST","message":"event.kind: Set kind.","field":"event.kind"}"""],
            errors.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void End_OfARunThatWentWell_LeavesAMessageAMessage()
    {
        var errors = new StringWriter();
        var terminal = new Terminal(TextWriter.Null, errors, static _ => null);

        terminal.SpeakJson();
        terminal.Say("<all> is well");
        terminal.End(ExitCodes.Ok);

        Assert.Equal("""{"message":"<all> is well"}""", errors.ToString().TrimEnd());
    }
}
