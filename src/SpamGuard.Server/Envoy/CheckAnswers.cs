using Envoy.Config.Core.V3;
using Envoy.Service.Auth.V3;
using Envoy.Type.V3;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using SpamGuard.Policies;
using SpamGuard.Scoring;
using SpamGuard.Server.Edge;
using HttpCode = Envoy.Type.V3.StatusCode;

namespace SpamGuard.Server.Envoy;

/// <summary>Writes assessments as Envoy takes them.</summary>
/// <param name="challenge">What becomes of a request whose client is to be challenged.</param>
internal sealed class CheckAnswers(EnvoyChallenge challenge)
{
    /// <summary>Writes one.</summary>
    public CheckResponse Of(Assessment assessment)
    {
        var (code, status) = assessment.Verdict switch
        {
            Verdict.Challenge => (Code.Unauthenticated, challenge.Status),
            Verdict.Throttle => (Code.ResourceExhausted, StatusCodes.Status429TooManyRequests),
            Verdict.Deny => (Code.PermissionDenied, StatusCodes.Status403Forbidden),
            _ => (Code.Ok, (int?)null),
        };
        var answer = new CheckResponse
        {
            Status = new Google.Rpc.Status { Code = (int)(status is null ? Code.Ok : code) },
            DynamicMetadata = Metadata(assessment),
        };
        if (status is { } denied)
        {
            answer.DeniedResponse = Denied(assessment, denied);
        }
        else
        {
            var headers = EdgeAnswer.Headers(assessment);

            // Each replaces what the client sent; Envoy drops one that is empty, and then the client's own must go too.
            answer.OkResponse = new OkHttpResponse { Headers = { headers.Where(static one => one.Value.Length > 0).Select(Replacing) } };
            answer.OkResponse.HeadersToRemove.Add(headers.Where(static one => one.Value.Length == 0).Select(static one => one.Key.ToLowerInvariant()));
        }

        return answer;
    }

    private DeniedHttpResponse Denied(Assessment assessment, int status)
    {
        var denied = new DeniedHttpResponse
        {
            Status = new HttpStatus { Code = (HttpCode)status },
            Headers = { EdgeAnswer.RefusalHeaders(assessment).Select(Replacing) },
            Body = EdgeAnswer.Problem(assessment.Verdict, status),
        };
        denied.Headers.Add(Replacing(new("content-type", EdgeAnswer.ProblemType)));
        denied.Headers.Add(Replacing(new("cache-control", "no-store")));
        if (EdgeAnswer.RetryAfter(assessment) is { } seconds)
        {
            denied.Headers.Add(Replacing(new("retry-after", seconds)));
        }

        if (assessment.Verdict == Verdict.Challenge && challenge.Location is { } location)
        {
            denied.Headers.Add(Replacing(new("location", location)));
        }

        return denied;
    }

    private static HeaderValueOption Replacing(KeyValuePair<string, string> header) =>
        new() { Header = new HeaderValue { Key = header.Key.ToLowerInvariant(), Value = header.Value }, Append = false };

    private static Struct Metadata(Assessment assessment)
    {
        var metadata = new Struct
        {
            Fields =
            {
                ["verdict"] = Value.ForString(EdgeAnswer.Name(assessment.Verdict)),
                ["probability"] = Value.ForNumber(assessment.SpamProbability),
                ["reasons"] = Value.ForList([.. assessment.Reasons.Select(static reason => Value.ForString(reason.Code))]),
                ["decision_token"] = Value.ForString(assessment.DecisionToken),
                ["quality"] = Value.ForString(assessment.Quality.Name()),
            },
        };
        if (assessment.RetryAfterSeconds is { } seconds)
        {
            metadata.Fields["retry_after"] = Value.ForNumber(seconds);
        }

        return metadata;
    }
}
