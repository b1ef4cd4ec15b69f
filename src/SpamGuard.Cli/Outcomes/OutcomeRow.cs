using SpamGuard.Feedback;
using SpamGuard.Policies;

namespace SpamGuard.Cli.Outcomes;

/// <summary>One past outcome.</summary>
/// <param name="Line">The number of its line; the header's is 1.</param>
/// <param name="Kind">What the event was.</param>
/// <param name="Address">Where it came from, as it is written: an address that can be taken.</param>
/// <param name="Account">Digest of its account; may be empty.</param>
/// <param name="Content">Digest of its content; may be empty.</param>
/// <param name="Label">What became of it; never a failed challenge.</param>
/// <param name="Reporter">Digest of the person who complained; may be empty.</param>
internal sealed record OutcomeRow(long Line, EventKind Kind, string Address, string Account, string Content, OutcomeLabel Label, string Reporter)
{
    /// <summary>The report of this row.</summary>
    /// <param name="requestId">The same in every run.</param>
    public V1.ReportOutcomeRequest Request(Guid requestId) => new()
    {
        Event = new V1.Event
        {
            Kind = Kind == EventKind.SignUp ? V1.EventKind.SignUp : V1.EventKind.Message, Address = Address, Account = Account, Content = Content,
        },
        Label = Label switch
        {
            OutcomeLabel.Legitimate => V1.OutcomeLabel.Legitimate,
            OutcomeLabel.Spam => V1.OutcomeLabel.Spam,
            _ => V1.OutcomeLabel.ChallengePassed,
        },
        Reporter = Reporter,
        RequestId = requestId.ToString("D"),
    };

    /// <summary>Withheld: the row holds an address.</summary>
    public override string ToString() => FormattableString.Invariant($"line {Line}");
}
