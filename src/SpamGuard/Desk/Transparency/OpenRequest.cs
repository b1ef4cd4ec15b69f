using System.Globalization;
using SpamGuard.Desk.Disclosures;
using SpamGuard.Desk.Ledger;

namespace SpamGuard.Desk.Transparency;

/// <summary>A request whose figures can still change, or hang on the time: it expires, or is not to be shown until a moment.</summary>
internal sealed class OpenRequest
{
    // A book may not throw: what an entry does not say is called so.
    private const string Unknown = "unknown";

    private readonly DateTimeOffset _received;
    private readonly long? _withheldUntil; // null where it may be shown from the beginning
    private RequestAnswer _answer;
    private bool _isBusy;
    private long? _revealedAfter;
    private long? _expiredAfter;

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
        _withheldUntil = DisclosureEntries.Time(entry, DisclosureEntries.WithholdUntilName)?.ToUnixTimeSeconds();
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

    /// <summary>Whole days from its receipt to its answer; null without one.</summary>
    public int? Days { get; private set; }

    /// <summary>Whether nothing will change any more, at whatever time.</summary>
    public bool IsDone => _withheldUntil is null && _answer != RequestAnswer.Pending;

    /// <summary>The unix seconds at which time alone may change something.</summary>
    public IEnumerable<long> Dues => _withheldUntil is { } until ? [ValidUntil, until] : [ValidUntil];

    /// <summary>What has become of it by a unix second.</summary>
    public RequestAnswer AnswerAt(long now) => _answer == RequestAnswer.Pending && !_isBusy && now >= ValidUntil ? RequestAnswer.ExpiredUnexecuted : _answer;

    /// <summary>Whether it must not be shown at a unix second.</summary>
    public bool IsWithheldAt(long now) => now < _withheldUntil;

    /// <summary>How often time alone has changed a figure by it until a unix second: what becomes of a withheld request must not show.</summary>
    public int TurnsAt(long now) => IsWithheldAt(now) ? 0 : (_withheldUntil is null ? 0 : 1) + (HasExpiredAt(now) ? 1 : 0);

    /// <summary>The number of the ledger's last entry when time alone last did so; 0 where it never did.</summary>
    /// <param name="now">The unix second.</param>
    /// <param name="revision">The number of the ledger's last entry now.</param>
    public long TurnedAt(long now, long revision) => IsWithheldAt(now)
        ? 0
        : Math.Max(_withheldUntil is null ? 0 : _revealedAfter ?? revision, HasExpiredAt(now) ? _expiredAfter ?? revision : 0);

    /// <summary>Remembers which entry was the last one when time alone changed it. An entry that is read later does not move that.</summary>
    /// <param name="now">The unix second.</param>
    /// <param name="revision">The number of that entry.</param>
    public void Pass(long now, long revision)
    {
        if (now >= _withheldUntil)
        {
            _revealedAfter ??= revision;
        }

        if (HasExpiredAt(now))
        {
            _expiredAfter ??= revision;
        }
    }

    /// <summary>A decision or an execution has begun: it does not expire meanwhile, nor has it before, whatever the time says.</summary>
    public void Begins() => (_isBusy, _expiredAfter) = (true, null);

    /// <summary>That has ended.</summary>
    public void Ends() => _isBusy = false;

    /// <summary>It was answered.</summary>
    /// <param name="answer">How.</param>
    /// <param name="at">When; null where it is not known to be an answer that anybody got.</param>
    /// <param name="subjectsDisclosed">On how many addresses something was given out.</param>
    public void Becomes(RequestAnswer answer, DateTimeOffset? at, long subjectsDisclosed = 0)
    {
        _answer = answer;
        SubjectsDisclosed = subjectsDisclosed;
        Days = at is { } time ? Math.Max(0, (int)(time - _received).TotalDays) : null;
    }

    private bool HasExpiredAt(long now) => AnswerAt(now) == RequestAnswer.ExpiredUnexecuted;
}
