namespace SpamGuard.Desk.Transparency;

/// <summary>Counts requests, by what has become of them. Not for concurrent use.</summary>
internal sealed class RequestTally
{
    private readonly long[] _answers = new long[Enum.GetValues<RequestAnswer>().Length];
    private readonly SortedDictionary<int, long> _days = []; // how many were answered after so many days: a median needs no list of requests
    private long _subjectsRequested;
    private long _subjectsDisclosed;

    /// <summary>Counts a request as it is at a time, in unix seconds.</summary>
    public void Add(OpenRequest request, long now)
    {
        _answers[(int)request.AnswerAt(now)]++;
        _subjectsRequested += request.SubjectsRequested;
        _subjectsDisclosed += request.SubjectsDisclosed;
        if (request.Days is { } days)
        {
            AddDays(days, 1);
        }
    }

    /// <summary>Adds what another one has counted.</summary>
    public void Add(RequestTally other)
    {
        for (var answer = 0; answer < _answers.Length; answer++)
        {
            _answers[answer] += other._answers[answer];
        }

        _subjectsRequested += other._subjectsRequested;
        _subjectsDisclosed += other._subjectsDisclosed;
        foreach (var (days, count) in other._days)
        {
            AddDays(days, count);
        }
    }

    /// <summary>What was counted.</summary>
    public RequestFigures Figures() => new(
        _answers.Sum(),
        this[RequestAnswer.Rejected],
        this[RequestAnswer.Withdrawn],
        this[RequestAnswer.Pending],
        this[RequestAnswer.NothingHeld],
        this[RequestAnswer.PartlyDisclosed],
        this[RequestAnswer.FullyDisclosed],
        this[RequestAnswer.ExpiredUnexecuted],
        this[RequestAnswer.OutcomeUnknown],
        _subjectsRequested,
        _subjectsDisclosed,
        Median());

    private long this[RequestAnswer answer] => _answers[(int)answer];

    private void AddDays(int days, long count) => _days[days] = _days.GetValueOrDefault(days) + count;

    private double? Median()
    {
        var count = _days.Values.Sum();
        return count == 0 ? null : (Nth((count - 1) / 2) + Nth(count / 2)) / 2.0;
    }

    private int Nth(long n)
    {
        foreach (var (days, count) in _days)
        {
            if ((n -= count) < 0)
            {
                return days;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(n));
    }
}
