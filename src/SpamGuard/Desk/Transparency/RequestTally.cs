namespace SpamGuard.Desk.Transparency;

/// <summary>Counts requests, by what has become of them. Not for concurrent use.</summary>
internal sealed class RequestTally
{
    private readonly long[] _answers = new long[Enum.GetValues<RequestAnswer>().Length];
    private readonly SortedDictionary<int, long> _days = []; // how many were answered after so many days: a median needs no list of requests
    private long _subjectsRequested;
    private long _subjectsDisclosed;

    /// <summary>Counts a request as it is now.</summary>
    public void Add(OpenRequest request) => Count(request, 1);

    /// <summary>Takes it back, before it changes.</summary>
    public void Remove(OpenRequest request) => Count(request, -1);

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

    private void Count(OpenRequest request, int sign)
    {
        _answers[(int)request.Answer] += sign;
        _subjectsRequested += sign * request.SubjectsRequested;
        _subjectsDisclosed += sign * request.SubjectsDisclosed;
        if (request.Days is { } days)
        {
            AddDays(days, sign);
        }
    }

    private void AddDays(int days, long count)
    {
        if ((_days[days] = _days.GetValueOrDefault(days) + count) == 0)
        {
            _days.Remove(days);
        }
    }

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
