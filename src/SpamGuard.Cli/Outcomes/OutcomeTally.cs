using SpamGuard.V1;

namespace SpamGuard.Cli.Outcomes;

/// <summary>What became of the rows so far, and from which line on they are not all done. For concurrent use.</summary>
internal sealed class OutcomeTally
{
    private readonly Lock _gate = new();
    private readonly SortedSet<long> _underWay = [];
    private readonly Dictionary<ReportResult, int> _answered = [];
    private long _begun;
    private int _skipped;
    private int _refused;

    /// <summary>Begins with all rows before a line done.</summary>
    public OutcomeTally(long from) => _begun = from - 1;

    /// <summary>How many rows can't be taken, by this program or by the server.</summary>
    public int AtFault
    {
        get
        {
            lock (_gate)
            {
                return _skipped + _refused;
            }
        }
    }

    /// <summary>A row is about to be sent.</summary>
    public void Begin(long line)
    {
        lock (_gate)
        {
            _begun = line;
            _underWay.Add(line);
        }
    }

    /// <summary>A row is at fault and is not sent.</summary>
    public void Skip(long line)
    {
        lock (_gate)
        {
            _begun = line;
            _skipped++;
        }
    }

    /// <summary>The server took a row.</summary>
    public void Answered(long line, ReportResult result)
    {
        lock (_gate)
        {
            _underWay.Remove(line);
            _answered[result] = _answered.GetValueOrDefault(result) + 1;
        }
    }

    /// <summary>The server refused a row.</summary>
    public void Refused(long line)
    {
        lock (_gate)
        {
            _underWay.Remove(line);
            _refused++;
        }
    }

    /// <summary>The figures.</summary>
    public OutcomeSummary Summary()
    {
        lock (_gate)
        {
            return new OutcomeSummary
            {
                Sent = _answered.Values.Sum() + _refused,
                Applied = _answered.GetValueOrDefault(ReportResult.Applied),
                Duplicate = _answered.GetValueOrDefault(ReportResult.Duplicate),
                Untrusted = _answered.GetValueOrDefault(ReportResult.Untrusted),
                Skipped = _skipped,
                Failed = _refused,
                NextLine = _underWay.Count > 0 ? _underWay.Min : _begun + 1,
            };
        }
    }
}
