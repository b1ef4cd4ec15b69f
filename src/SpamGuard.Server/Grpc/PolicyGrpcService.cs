using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SpamGuard.Policies;
using SpamGuard.Policies.Files;
using SpamGuard.V1;
using PolicySource = SpamGuard.V1.PolicySource;

namespace SpamGuard.Server.Grpc;

/// <summary>PolicyService: the policy in force, in the shape of its file.</summary>
internal sealed class PolicyGrpcService(PolicyKeeper keeper) : PolicyService.PolicyServiceBase
{
    /// <inheritdoc/>
    public override Task<PolicyServiceGetResponse> Get(PolicyServiceGetRequest request, ServerCallContext context)
    {
        var status = keeper.Status;
        var policy = JsonParser.Default.Parse<Struct>(PolicyDocument.Of(status.InForce.Policy).ToJsonString());
        var response = new PolicyServiceGetResponse
        {
            PolicyRevision = status.InForce.Revision,
            LoadTime = Timestamp.FromDateTimeOffset(status.LoadTime),
            Source = status.IsOfFile ? PolicySource.File : PolicySource.BuiltIn,
            Policy = policy,
        };
        if (policy.Fields.Remove(PolicyKeys.Shadow, out var candidate))
        {
            response.Candidate = candidate.StructValue;
        }

        response.Faults.Add(status.Faults.Select(static fault => new V1.PolicyFault { Line = fault.Line, Path = fault.Path, Description = fault.Text }));
        return Task.FromResult(response);
    }
}
