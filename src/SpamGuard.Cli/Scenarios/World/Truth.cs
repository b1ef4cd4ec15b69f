namespace SpamGuard.Cli.Scenarios.World;

/// <summary>What an event truly is: decides what chance reports of it, and from when on it is judged.</summary>
internal enum Truth
{
    /// <summary>Honest: reported as legitimate on 1 %, as spam on .2 %; judged from day 2 on.</summary>
    Honest,

    /// <summary>Spam: reported on 30 %.</summary>
    Spam,

    /// <summary>Nobody reports it; judged always.</summary>
    Unreported,

    /// <summary>Honest, and its outcome is told as the guide asks: that a challenge was passed, within a minute, and that it was legitimate, later.</summary>
    HonestAndTold,
}
