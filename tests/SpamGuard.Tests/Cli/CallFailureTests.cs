using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using SpamGuard.Cli;
using SpamGuard.Cli.Calls;

namespace SpamGuard.Tests.Cli;

public sealed class CallFailureTests
{
    private static readonly Uri Server = new("http://spamguard.test:5080/");

    [Fact]
    public void Describe_FieldViolations_NamesEachFieldAndItsFixInOneLine()
    {
        var bad = new BadRequest();
        bad.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = "event.kind", Description = "Set kind." });
        bad.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = "event.address", Description = "Send\nan address." });
        var failure = Failure(Code.InvalidArgument, "See the fields.", new ErrorInfo { Reason = "INVALID_REQUEST", Domain = "spamguard" }, bad);

        Assert.Equal("INVALID_ARGUMENT: event.kind: Set kind.; event.address: Send an address.", CallFailure.Describe(failure, Server));
        Assert.Equal(ExitCodes.Usage, CallFailure.ExitCode(failure));
    }

    [Fact]
    public void Describe_ReasonWithoutFields_SaysReasonAndMessage()
    {
        var failure = Failure(Code.FailedPrecondition, "No longer kept.", new ErrorInfo { Reason = "DECISION_TOKEN_EXPIRED", Domain = "spamguard" });

        Assert.Equal("FAILED_PRECONDITION: DECISION_TOKEN_EXPIRED: No longer kept.", CallFailure.Describe(failure, Server));
        Assert.Equal(ExitCodes.NotFound, CallFailure.ExitCode(failure));
    }

    [Fact]
    public void Describe_NoDetails_SaysWhichServerAndWhatTheTransportSaid()
    {
        var failure = new RpcException(new Grpc.Core.Status(StatusCode.Unavailable, "No connection.", new IOException("Refused.")));

        Assert.Equal("UNAVAILABLE: http://spamguard.test:5080: No connection. Refused.", CallFailure.Describe(failure, Server));
    }

    [Fact]
    public void Describe_CallThatIsNotServed_AsksWhetherTheServerIsTheDesk()
    {
        var failure = new RpcException(new Grpc.Core.Status(StatusCode.Unimplemented, "Bad gRPC response. HTTP status code: 404"));

        Assert.Equal(
            "UNIMPLEMENTED: http://spamguard.test:5080: this server serves no such call. Is it the desk? Only a process with Desk:Enabled has the privileged ones, and outside of development it has no others.",
            CallFailure.Describe(failure, Server));
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument, ExitCodes.Usage)]
    [InlineData(StatusCode.NotFound, ExitCodes.NotFound)]
    [InlineData(StatusCode.FailedPrecondition, ExitCodes.Failure)]
    [InlineData(StatusCode.Unavailable, ExitCodes.Unavailable)]
    [InlineData(StatusCode.DeadlineExceeded, ExitCodes.Unavailable)]
    [InlineData(StatusCode.ResourceExhausted, ExitCodes.Unavailable)]
    [InlineData(StatusCode.Internal, ExitCodes.Failure)]
    [InlineData(StatusCode.PermissionDenied, ExitCodes.Failure)]
    public void ExitCode_OfAStatus_IsTheSameForEveryVerb(StatusCode status, int expected) =>
        Assert.Equal(expected, CallFailure.ExitCode(new RpcException(new Grpc.Core.Status(status, "x"))));

    [Theory]
    [InlineData(Code.Unavailable, "LEDGER_UNWRITABLE", true)] // what could not be synced may be on the disk
    [InlineData(Code.Internal, "OUTCOME_UNWRITTEN", true)]
    [InlineData(Code.Unavailable, "STORE_UNAVAILABLE", false)]
    [InlineData(Code.InvalidArgument, "INVALID_REQUEST", false)]
    public void MayBeDone_OfAReason_IsSoWhereTheLedgerMayHoldIt(Code code, string reason, bool expected) =>
        Assert.Equal(expected, CallFailure.MayBeDone(Failure(code, "x", new ErrorInfo { Reason = reason, Domain = "spamguard" })));

    private static RpcException Failure(Code code, string message, params Google.Protobuf.IMessage[] details)
    {
        var status = new Google.Rpc.Status { Code = (int)code, Message = message };
        status.Details.Add(details.Select(detail => Any.Pack(detail)));
        return status.ToRpcException();
    }
}
