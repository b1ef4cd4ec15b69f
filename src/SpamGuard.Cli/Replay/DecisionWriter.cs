using System.Globalization;
using SpamGuard.Policies;
using SpamGuard.Scoring;

namespace SpamGuard.Cli.Replay;

/// <summary>Writes every decision of a replay as CSV. A row is found again by its number: there is no address in it.</summary>
internal sealed class DecisionWriter : IAsyncDisposable
{
    /// <summary>The columns.</summary>
    public const string Header = "row,spam_probability,verdict,reasons,quality";

    private const string Full = "FULL"; // the in-process store never fails
    private readonly TextWriter _output;

    /// <summary>Writes the header.</summary>
    /// <param name="output">Where to; closed with this.</param>
    public DecisionWriter(TextWriter output)
    {
        _output = output;
        _output.Write(Header + "\n");
    }

    /// <summary>Writes one decision.</summary>
    /// <param name="row">Which data row of the file, from 0.</param>
    /// <param name="assessment">What was answered.</param>
    public void Write(long row, Assessment assessment) => _output.Write(Line(row, assessment) + "\n");

    /// <summary>The line of a decision.</summary>
    public static string Line(long row, Assessment assessment)
    {
        var reasons = assessment.Reasons.Select(static reason => string.Create(CultureInfo.InvariantCulture, $"{reason.Code}:{reason.Weight:0.######}"));
        return string.Create(
            CultureInfo.InvariantCulture, $"{row},{assessment.SpamProbability:R},{assessment.Verdict.Name()},{string.Join(';', reasons)},{Full}");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _output.DisposeAsync();
}
