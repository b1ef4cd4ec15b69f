namespace SpamGuard.Server.Callers;

/// <summary>Metadata of an endpoint that is a method: who may call it.</summary>
/// <param name="Path">For example <c>/spamguard.v1.ScoringService/Score</c>.</param>
/// <param name="Roles">One of them is enough; none where it is served to nobody.</param>
/// <param name="Quota">What a call of it takes from, where anything is limited.</param>
/// <param name="Count">How much a call takes at the gate; 0 where the method takes it, once it knows how much, and the gate only asks whether anything is left.</param>
/// <param name="IsJson">Whether it is called, and answers, in JSON.</param>
internal sealed record GatedMethod(string Path, CallerRoles Roles, QuotaClass? Quota, int Count, bool IsJson)
{
    private static readonly Dictionary<string, (QuotaClass Quota, int Count)> Quotas = new(StringComparer.Ordinal)
    {
        [$"/{V1.ScoringService.Descriptor.FullName}/Score"] = (QuotaClass.Score, 1),
        [$"/{V1.ScoringService.Descriptor.FullName}/ScoreBatch"] = (QuotaClass.Score, 0),
        [$"/{V1.ScoringService.Descriptor.FullName}/Preview"] = (QuotaClass.Preview, 1),
        [$"/{V1.FeedbackService.Descriptor.FullName}/ReportOutcome"] = (QuotaClass.Report, 1),
        [$"/{V1.SubjectService.Descriptor.FullName}/Inspect"] = (QuotaClass.Subject, 1),
        [$"/{V1.SubjectService.Descriptor.FullName}/Erase"] = (QuotaClass.Subject, 1),
    };

    /// <summary>A method by its path.</summary>
    public static GatedMethod Of(string path, bool isJson)
    {
        var (quota, count) = Quotas.TryGetValue(path, out var found) ? ((QuotaClass?)found.Quota, found.Count) : (null, 0);
        return new(path, MethodRoles.All.GetValueOrDefault(path), quota, count, isJson);
    }
}
