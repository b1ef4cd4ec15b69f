using System.Globalization;
using SpamGuard.Desk.Disclosures;
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
        Id = entry.Text("disclosure") ?? string.Create(CultureInfo.InvariantCulture, $"entry {entry.Seq}"); // what the gate refuses has none
        Kind = new RequestKind(
            entry.Text("country") ?? Unknown, entry.Text("authority_type") ?? Unknown, entry.Text("legal_process") ?? Unknown, entry.Text("category") ?? Unknown);
        SubjectsRequested = entry.Number("subjects") ?? 0;
        ValidUntil = DisclosureEntries.Time(entry, DisclosureEntries.ValidUntilName)?.ToUnixTimeSeconds() ?? long.MaxValue;
        WithheldUntil = DisclosureEntries.Time(entry, DisclosureEntries.WithholdUntilName)?.ToUnixTimeSeconds();
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

    /// <summary>The unix second from which on it can't be executed any more.</summary>
    public long ValidUntil { get; }

    /// <summary>The unix second from which on it may be shown; null where it is.</summary>
    public long? WithheldUntil { get; private set; }

    /// <summary>What has become of it.</summary>
    public RequestAnswer Answer { get; private set; }

    /// <summary>Whole days from its receipt to its answer; null without one.</summary>
    public int? Days { get; private set; }

    /// <summary>Whether a decision or an execution has begun and not ended: it does not expire meanwhile.</summary>
    public bool IsBusy { get; set; }

    /// <summary>Whether nothing will change any more.</summary>
    public bool IsDone => WithheldUntil is null && Answer != RequestAnswer.Pending;

    /// <summary>The first unix second in which time alone changes something; <see cref="long.MaxValue"/> where it never does.</summary>
    public long Due => Math.Min(!IsBusy && Answer == RequestAnswer.Pending ? ValidUntil : long.MaxValue, WithheldUntil ?? long.MaxValue);

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
