using SpamGuard.Desk.Ledger;

namespace SpamGuard.Desk.Transparency;

/// <summary>A request that is not done with: its figures can still change, or may not be shown yet.</summary>
internal sealed class OpenRequest
{
    // A book may not throw: what an entry does not say is called so.
    private const string Unknown = "unknown";

    private readonly DateTimeOffset _received;

    /// <summary>A request as its entry tells of it.</summary>
    /// <param name="entry">The INTENT to open it, or the NOTE that it was refused.</param>
    public OpenRequest(LedgerEntry entry)
    {
        _received = entry.Time;
        Month = Month.Of(entry.Time);
        Id = entry.Text("disclosure") ?? Unknown;
        Kind = new RequestKind(
            entry.Text("country") ?? Unknown, entry.Text("authority_type") ?? Unknown, entry.Text("legal_process") ?? Unknown, entry.Text("category") ?? Unknown);
        SubjectsRequested = entry.Number("subjects") ?? 0;
        ValidUntil = entry.Number("valid_until") ?? long.MaxValue;
        WithheldUntil = entry.Number("withhold_until");
    }

    /// <summary>Its id in the ledger.</summary>
    public string Id { get; }

    /// <summary>When it was received.</summary>
    public Month Month { get; }

    /// <summary>Its row.</summary>
    public RequestKind Kind { get; }

    /// <summary>How many addresses it names.</summary>
    public long SubjectsRequested { get; }

    /// <summary>On how many of them something was given out.</summary>
    public long SubjectsDisclosed { get; private set; }

    /// <summary>The last unix second in which it can be executed.</summary>
    public long ValidUntil { get; }

    /// <summary>The last unix second in which it may not be shown; null where it is shown.</summary>
    public long? WithheldUntil { get; private set; }

    /// <summary>What has become of it.</summary>
    public RequestAnswer Answer { get; private set; }

    /// <summary>Whole days from its receipt to its answer; null without one.</summary>
    public int? Days { get; private set; }

    /// <summary>Whether a decision or an execution has begun and not ended: it does not expire meanwhile.</summary>
    public bool IsBusy { get; set; }

    /// <summary>Whether nothing will change any more.</summary>
    /// <remarks>After an execution of unknown outcome another may be tried, for as long as the order is valid.</remarks>
    public bool IsDone(long now) => WithheldUntil is null && Answer switch
    {
        RequestAnswer.Pending => false,
        RequestAnswer.OutcomeUnknown => !IsBusy && now > ValidUntil,
        _ => true,
    };

    /// <summary>The first unix second in which time alone changes something; <see cref="long.MaxValue"/> where it never does.</summary>
    public long Due
    {
        get
        {
            var expires = !IsBusy && Answer is RequestAnswer.Pending or RequestAnswer.OutcomeUnknown ? ValidUntil : long.MaxValue;
            var due = Math.Min(expires, WithheldUntil ?? long.MaxValue);
            return due == long.MaxValue ? due : due + 1;
        }
    }

    /// <summary>It was answered, or can't be any more.</summary>
    /// <param name="answer">How.</param>
    /// <param name="at">When; null where it is no answer that anybody got.</param>
    /// <param name="subjectsDisclosed">On how many addresses something was given out.</param>
    public void Becomes(RequestAnswer answer, DateTimeOffset? at, long subjectsDisclosed = 0)
    {
        Answer = answer;
        SubjectsDisclosed = subjectsDisclosed;
        Days = at is { } time ? Math.Max(0, (int)(time - _received).TotalDays) : null;
    }

    /// <summary>It may be shown from now on.</summary>
    public void Reveal() => WithheldUntil = null;
}
