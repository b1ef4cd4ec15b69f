using SpamGuard.Server.Envoy;

namespace SpamGuard.Server.Callers;

/// <summary>Metadata of an endpoint that is a method: who may call it.</summary>
/// <param name="Path">For example <c>/spamguard.v1.ScoringService/Score</c>.</param>
/// <param name="Roles">One of them is enough; none where it is served to nobody.</param>
/// <param name="Quota">What a call of it takes 1 from at the gate, where anything is limited. A batch takes the rest once it is known how large it is.</param>
/// <param name="IsStream">Whether a call of it stays open for as long as the client likes.</param>
/// <param name="IsJson">Whether it is called, and answers, in JSON.</param>
internal sealed record GatedMethod(string Path, CallerRoles Roles, QuotaClass? Quota, bool IsStream, bool IsJson)
{
    private static readonly Dictionary<string, QuotaClass> Quotas = new(StringComparer.Ordinal)
    {
        [$"/{V1.ScoringService.Descriptor.FullName}/Score"] = QuotaClass.Score,
        [$"/{V1.ScoringService.Descriptor.FullName}/ScoreBatch"] = QuotaClass.Score,
        [AuthorizationGrpcService.CheckPath] = QuotaClass.Score,
        [$"/{V1.ScoringService.Descriptor.FullName}/Preview"] = QuotaClass.Preview,
        [$"/{V1.FeedbackService.Descriptor.FullName}/ReportOutcome"] = QuotaClass.Report,
        [$"/{V1.SubjectService.Descriptor.FullName}/Inspect"] = QuotaClass.Subject,
        [$"/{V1.SubjectService.Descriptor.FullName}/Erase"] = QuotaClass.Subject,
        [$"/{V1.OverrideService.Descriptor.FullName}/Set"] = QuotaClass.Subject,
        [$"/{V1.DisclosureService.Descriptor.FullName}/Open"] = QuotaClass.Subject,
        [$"/{V1.DisclosureService.Descriptor.FullName}/Decide"] = QuotaClass.Subject,
        [$"/{V1.DisclosureService.Descriptor.FullName}/Execute"] = QuotaClass.Subject,
    };

    /// <summary>A method by its path.</summary>
    public static GatedMethod Of(string path, bool isJson, bool isStream = false) =>
        new(path, MethodRoles.All.GetValueOrDefault(path), Quotas.TryGetValue(path, out var quota) ? quota : null, isStream, isJson);
}
