using System.Text.Json;
using SpamGuard.Policies;
using SpamGuard.Records;
using SpamGuard.Retention;
using SpamGuard.Signals;

namespace SpamGuard.Tests.Signals;

/// <summary>The model against 545 vectors that its reference implementation printed, in the three modes.</summary>
public sealed class GoldenScoresTests
{
    private const double Tolerance = 1e-9;
    private static readonly string[] LevelNames = ["address", "network", "region", "account", "content"];

    [Fact]
    public void Judge_EveryGoldenVector_EqualsTheReference()
    {
        var vectors = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "golden-scores.ndjson")).ToList();
        Assert.Equal(545, vectors.Count);
        var modes = new HashSet<string>();
        var verdicts = new HashSet<Verdict>();

        foreach (var (line, number) in vectors.Select((line, i) => (line, i + 1)))
        {
            using var document = JsonDocument.Parse(line);
            var vector = document.RootElement;
            modes.Add(vector.GetProperty("mode").GetString()!);

            var found = SpamModel.Judge(SituationOf(vector), ScoringPolicy.Default);

            verdicts.Add(found.Verdict);
            Assert.True(Math.Abs(found.Probability - vector.GetProperty("probability").GetDouble()) < Tolerance, $"probability, line {number}");
            Assert.True(Math.Abs(found.LogOdds - vector.GetProperty("score").GetDouble()) < Tolerance, $"score, line {number}");
            Assert.True(found.Verdict.Name() == vector.GetProperty("verdict").GetString(), $"verdict, line {number}");
            var signals = vector.GetProperty("signals");
            for (var code = 0; code < ReasonCodes.SignalCount; code++)
            {
                var expected = signals.TryGetProperty(((SignalCode)code).Name(), out var value) ? value.GetDouble() : 0;
                Assert.True(Math.Abs(found.Values[code] - expected) < Tolerance, $"{(SignalCode)code}, line {number}");
            }
        }

        Assert.Equal(3, modes.Count);
        Assert.Equal(4, verdicts.Count);
    }

    [Fact]
    public void Reasons_OfEveryGoldenVector_AddUpToTheLogOddsStrongestFirst()
    {
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "golden-scores.ndjson")))
        {
            using var document = JsonDocument.Parse(line);
            var found = SpamModel.Judge(SituationOf(document.RootElement), ScoringPolicy.Default);
            var reasons = found.Reasons();

            Assert.Equal(found.LogOdds, reasons.Sum(reason => reason.Weight), 9);
            Assert.Equal(reasons.OrderByDescending(reason => Math.Abs(reason.Weight)).Select(reason => reason.Weight), reasons.Select(reason => reason.Weight));
        }
    }

    private static Situation SituationOf(JsonElement vector)
    {
        var now = vector.GetProperty("now").GetInt64();
        var situation = new Situation
        {
            Kind = vector.GetProperty("kind").GetString() == "message" ? EventKind.Message : EventKind.SignUp,
            Now = now,
            Wide = Counts(vector.GetProperty("wide"), now),
            All = Counts(vector.GetProperty("all"), now),
            Tags = [],
        };
        for (var kind = 0; kind < SubjectKinds.Count; kind++)
        {
            if (vector.GetProperty("levels").TryGetProperty(LevelNames[kind], out var level))
            {
                situation.Subjects[kind] = new SubjectState
                {
                    Present = true,
                    Current = Packed(level.GetProperty("current")),
                    Previous = Packed(level.GetProperty("previous")),
                    Member = level.GetProperty("members")[0].GetUInt32(),
                    PreviousMember = level.GetProperty("members")[1].GetUInt32(),
                };
            }
        }

        return situation;
    }

    private static SignalRecord Packed(JsonElement element) =>
        element.ValueKind == JsonValueKind.Null ? default : SignalRecord.Read(Convert.FromHexString(element.GetString()!));

    private static FadingCounts Counts(JsonElement element, long now) => new()
    {
        Day = now / SignalRecord.DaySeconds,
        Spam = element.GetProperty("spam").GetDouble(),
        Ham = element.GetProperty("ham").GetDouble(),
        Older = element.GetProperty("older").GetDouble(),
    };
}
