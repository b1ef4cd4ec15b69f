using System.Text.Json.Serialization;
using SpamGuard.Policies;

namespace SpamGuard.Cli.Replay;

/// <summary>How well spam was told from the rest. What can't be said, for want of spam, of legitimate events or of a verdict, is <c>null</c>.</summary>
internal sealed record DetectionFigures
{
    private static readonly double[] Rates = [.001, .01, .05];

    /// <summary>How many events.</summary>
    [JsonPropertyName("events")]
    public required long Events { get; init; }

    /// <summary>How many of them were spam.</summary>
    [JsonPropertyName("spam")]
    public required long Spam { get; init; }

    /// <summary>Area under the ROC curve: how often a spam event got a higher probability than a legitimate one; ties count half.</summary>
    [JsonPropertyName("auc")]
    public required double? Auc { get; init; }

    /// <summary>Precision, averaged over the spam events, at the probability of each.</summary>
    [JsonPropertyName("average_precision")]
    public required double? AveragePrecision { get; init; }

    /// <summary>The largest recall that costs at most one legitimate event in a thousand.</summary>
    [JsonPropertyName("recall_at_fpr_0_001")]
    public required double? RecallAtThousandth { get; init; }

    /// <summary>The largest recall that costs at most one legitimate event in a hundred.</summary>
    [JsonPropertyName("recall_at_fpr_0_01")]
    public required double? RecallAtHundredth { get; init; }

    /// <summary>The largest recall that costs at most one legitimate event in twenty.</summary>
    [JsonPropertyName("recall_at_fpr_0_05")]
    public required double? RecallAtTwentieth { get; init; }

    /// <summary>Of CHALLENGE, THROTTLE and DENY together.</summary>
    [JsonPropertyName("at_least_challenge")]
    public required VerdictFigures AtLeastChallenge { get; init; }

    /// <summary>Of THROTTLE and DENY together.</summary>
    [JsonPropertyName("at_least_throttle")]
    public required VerdictFigures AtLeastThrottle { get; init; }

    /// <summary>Of DENY.</summary>
    [JsonPropertyName("deny")]
    public required VerdictFigures Deny { get; init; }

    /// <summary>The figures of what was counted.</summary>
    public static DetectionFigures Of(ScoreHistogram scores)
    {
        var curve = new Curve(scores.Spam, scores.Legitimate);
        foreach (var group in scores.Descending())
        {
            curve.Add(group.Spam, group.Legitimate);
        }

        return new DetectionFigures
        {
            Events = scores.Spam + scores.Legitimate,
            Spam = scores.Spam,
            Auc = curve.Auc,
            AveragePrecision = curve.AveragePrecision,
            RecallAtThousandth = curve.RecallAt(0),
            RecallAtHundredth = curve.RecallAt(1),
            RecallAtTwentieth = curve.RecallAt(2),
            AtLeastChallenge = VerdictFigures.Of(scores, Verdict.Challenge),
            AtLeastThrottle = VerdictFigures.Of(scores, Verdict.Throttle),
            Deny = VerdictFigures.Of(scores, Verdict.Deny),
        };
    }

    /// <summary>Goes down the probabilities, a whole group of equal ones at a time: where they tie, no threshold tells them apart.</summary>
    private struct Curve(long spam, long ham)
    {
        private readonly double[] _recalls = new double[Rates.Length];
        private double _hits;
        private double _false;
        private double _area;
        private double _precision;

        public readonly double? Auc => spam == 0 || ham == 0 ? null : _area / spam / ham;

        public readonly double? AveragePrecision => spam == 0 ? null : _precision;

        public readonly double? RecallAt(int rate) => spam == 0 || ham == 0 ? null : _recalls[rate];

        public void Add(long spamHere, long hamHere)
        {
            _area += hamHere * (_hits + (spamHere / 2.0));
            _hits += spamHere;
            _false += hamHere;
            _precision += spamHere / (double)spam * _hits / (_hits + _false);
            for (var rate = 0; rate < Rates.Length; rate++)
            {
                if (_false / ham <= Rates[rate])
                {
                    _recalls[rate] = _hits / spam;
                }
            }
        }
    }
}
