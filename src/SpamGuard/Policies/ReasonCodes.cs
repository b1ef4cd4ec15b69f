namespace SpamGuard.Policies;

/// <summary>How signals and notices are written in policies, answers and metrics.</summary>
internal static class ReasonCodes
{
    /// <summary>How many signals there are.</summary>
    public const int SignalCount = 12;

    /// <summary>The event came from a private address: usually a proxy's, sent by mistake.</summary>
    public const string PrivateAddress = "PRIVATE_ADDRESS";

    /// <summary>The policy makes documentation addresses give fixed verdicts.</summary>
    public const string TestAddress = "TEST_ADDRESS";

    /// <summary>The store did not answer, and what the policy says of that did.</summary>
    public const string StoreAway = "STORE_AWAY";

    /// <summary>An operator said what the verdict is, until a stated time.</summary>
    public const string OperatorOverride = "OPERATOR_OVERRIDE";

    private const string TagPrefix = "TAG_";

    private static readonly string[] Names =
    [
        "PRIOR", "WIDE_REPUTATION", "REGION_REPUTATION", "NETWORK_REPUTATION", "ADDRESS_REPUTATION", "ACCOUNT_REPUTATION",
        "ADDRESS_BURST", "NETWORK_BURST", "STANDING", "ACCOUNT_RATE", "CONTENT_REPUTATION", "CONTENT_REPEATED",
    ];

    /// <summary>The signals, in the order of <see cref="SignalCode"/>.</summary>
    public static IReadOnlyList<string> Signals => Names;

    /// <summary>Every code that is known from the start: the signals, then the notices. Tags have codes of their own (<see cref="OfTag"/>).</summary>
    public static IReadOnlyList<string> All { get; } = [.. Names, PrivateAddress, TestAddress, StoreAway, OperatorOverride];

    /// <summary>For example <c>ADDRESS_BURST</c>.</summary>
    public static string Name(this SignalCode code) => Names[(int)code];

    /// <summary>The code of a tag: <c>TAG_TOR</c> for <c>tor</c>.</summary>
    public static string OfTag(string tag) => TagPrefix + tag.ToUpperInvariant();

    /// <summary>Whether a code is a tag's.</summary>
    public static bool IsTag(string code) => code.StartsWith(TagPrefix, StringComparison.Ordinal);

    /// <summary>Where a code stands in <see cref="All"/>: a token holds this, so the order may grow and never change.</summary>
    public static byte IndexOf(string code)
    {
        for (var i = 0; i < All.Count; i++)
        {
            if (string.Equals(All[i], code, StringComparison.Ordinal))
            {
                return (byte)i;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(code), code, "No signal and no notice has this code.");
    }
}
