using Envoy.Service.Auth.V3;
using Grpc.Core;
using Microsoft.Extensions.Options;
using SpamGuard.Server.Callers;
using SpamGuard.Server.Edge;

namespace SpamGuard.Server.Envoy;

/// <summary>Envoy's external authorization: map in, score, map out. What fails is an error of gRPC and no denial, so that Envoy does as it is told for that case.</summary>
internal sealed class AuthorizationGrpcService : Authorization.AuthorizationBase
{
    /// <summary>The path of the method, by which also <c>GET /authz</c> is known.</summary>
    public static readonly string CheckPath = $"/{Authorization.Descriptor.FullName}/{nameof(Check)}";

    private readonly EdgeScorer _scorer;
    private readonly CheckReader _reader;
    private readonly CheckAnswers _answers;

    /// <summary>Takes the options once: they do not change.</summary>
    public AuthorizationGrpcService(EdgeScorer scorer, IOptions<EdgeOptions> options) =>
        (_scorer, _reader, _answers) = (scorer, new CheckReader(options.Value.Envoy.AddressHeader), new CheckAnswers(EnvoyChallenge.Parse(options.Value.Envoy.Challenge)!));

    /// <inheritdoc/>
    public override async Task<CheckResponse> Check(CheckRequest request, ServerCallContext context)
    {
        var (kind, address) = _reader.Read(request);
        return _answers.Of(await _scorer.ScoreAsync(kind, address, context.Caller(), context.CancellationToken));
    }
}
