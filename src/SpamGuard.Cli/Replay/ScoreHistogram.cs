using System.Runtime.InteropServices;
using SpamGuard.Policies;

namespace SpamGuard.Cli.Replay;

/// <summary>How many events got which probability and which verdict, spam and legitimate apart: all that figures and plots need.</summary>
/// <remarks>
/// Its size has a limit, however many events there are. Up to <see cref="MostGroups"/> different probabilities are told apart exactly; where
/// there are more, those tie that agree in their leading binary digits, as many digits as that number of groups allows. The area under the ROC
/// curve is then wrong by at most half the share of pairs, one spam and one legitimate, that tie without being equal.
/// </remarks>
internal sealed class ScoreHistogram
{
    /// <summary>How many probabilities are told apart at most: 6 MB of them.</summary>
    public const int MostGroups = 1 << 17;

    /// <summary>How many equal ranges of probability <see cref="Calibration"/> has.</summary>
    public const int CalibrationRanges = 10;

    private readonly Dictionary<long, Group> _groups = [];
    private readonly Group[] _verdicts = new Group[Verdicts.All.Count];
    private readonly ScoreRange[] _calibration = new ScoreRange[CalibrationRanges];
    private int _dropped; // binary digits that no longer count

    /// <summary>How many spam events there are.</summary>
    public long Spam { get; private set; }

    /// <summary>How many legitimate events there are.</summary>
    public long Legitimate { get; private set; }

    /// <summary>The events of equal ranges of probability, from 0 to 1.</summary>
    public IReadOnlyList<ScoreRange> Calibration => _calibration;

    /// <summary>Events that are not told apart, from the highest probability down.</summary>
    public IEnumerable<Group> Descending() => _groups.OrderByDescending(static group => group.Key).Select(static group => group.Value);

    /// <summary>How many events got a verdict or a harder one.</summary>
    public Group AtLeast(Verdict mildest)
    {
        var sum = default(Group);
        foreach (var group in _verdicts.AsSpan((int)mildest))
        {
            sum += group;
        }

        return sum;
    }

    /// <summary>Counts an event.</summary>
    /// <param name="probability">The probability of spam that was answered.</param>
    /// <param name="spam">What it truly was.</param>
    /// <param name="verdict">The verdict that was answered.</param>
    public void Add(double probability, bool spam, Verdict verdict)
    {
        var one = spam ? new Group(1, 0) : new Group(0, 1);
        Add(BitConverter.DoubleToInt64Bits(probability), one); // of numbers that are not negative, the bits are in the numbers' order
        _verdicts[(int)verdict] += one;
        _calibration[Math.Min(CalibrationRanges - 1, (int)(probability * CalibrationRanges))] += new ScoreRange(1, one.Spam, probability);
        Spam += one.Spam;
        Legitimate += one.Legitimate;
    }

    /// <summary>Counts all events of another one.</summary>
    public void Add(ScoreHistogram other)
    {
        while (_dropped < other._dropped)
        {
            Coarsen();
        }

        foreach (var (key, group) in other._groups)
        {
            Add(key << other._dropped, group);
        }

        for (var i = 0; i < _verdicts.Length; i++)
        {
            _verdicts[i] += other._verdicts[i];
        }

        for (var i = 0; i < CalibrationRanges; i++)
        {
            _calibration[i] += other._calibration[i];
        }

        Spam += other.Spam;
        Legitimate += other.Legitimate;
    }

    private void Add(long bits, Group events)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_groups, bits >> _dropped, out _) += events;
        while (_groups.Count > MostGroups)
        {
            Coarsen();
        }
    }

    private void Coarsen()
    {
        _dropped++;
        var finer = _groups.ToArray();
        _groups.Clear();
        foreach (var (key, group) in finer)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_groups, key >> 1, out _) += group;
        }
    }

    /// <summary>How many events of either sort.</summary>
    /// <param name="Spam">Those that truly were spam.</param>
    /// <param name="Legitimate">Those that were not.</param>
    internal readonly record struct Group(long Spam, long Legitimate)
    {
        /// <summary>Both together.</summary>
        public static Group operator +(Group one, Group other) => new(one.Spam + other.Spam, one.Legitimate + other.Legitimate);
    }
}

/// <summary>The events of a range of probability.</summary>
/// <param name="Events">How many.</param>
/// <param name="Spam">How many of them truly were spam.</param>
/// <param name="Probabilities">The sum of their probabilities.</param>
internal readonly record struct ScoreRange(long Events, long Spam, double Probabilities)
{
    /// <summary>Both together.</summary>
    public static ScoreRange operator +(ScoreRange one, ScoreRange other) =>
        new(one.Events + other.Events, one.Spam + other.Spam, one.Probabilities + other.Probabilities);
}
