namespace SpamGuard.Storage.Redis;

/// <summary>Settings of the store: section <c>Signals</c>, and <c>ConnectionStrings:Signals</c>.</summary>
internal sealed class SignalStoreOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Signals";

    /// <summary>The shortest budget: 2 ms.</summary>
    public static readonly TimeSpan ShortestBudget = TimeSpan.FromMilliseconds(2);

    /// <summary>The longest budget: 200 ms.</summary>
    public static readonly TimeSpan LongestBudget = TimeSpan.FromMilliseconds(200);

    /// <summary>A call has a budget for every so many events or begun: 256 of them, with account and content, keep Redis busy for 14 ms.</summary>
    internal const int EventsPerBudget = 64;

    /// <summary>How late the system's timers are: they count whole milliseconds and round up. A call is given up so much earlier, so as to be answered in time.</summary>
    internal static readonly TimeSpan TimerLag = TimeSpan.FromMilliseconds(1);

    /// <summary>The keys of the section.</summary>
    public static readonly IReadOnlyList<Setting> Settings =
    [
        Setting.Choice<SignalTopology>($"{Section}:{nameof(Topology)}"),
        Setting.Duration($"{Section}:{nameof(Budget)}", ShortestBudget, LongestBudget),
        .. StoreTlsOptions.Settings,
    ];

    /// <summary>How long the first connecting may take, in milliseconds; it goes on after that.</summary>
    internal const int ConnectTimeoutMilliseconds = 1000;

    /// <summary>When the driver gives a command up, in milliseconds. It looks on heartbeats only: the budget is ours.</summary>
    internal const int DriverTimeoutMilliseconds = 1000;

    /// <summary>The driver's heartbeat, in milliseconds.</summary>
    internal const int HeartbeatMilliseconds = 250;

    /// <summary>The first pause before connecting again, in milliseconds; it grows.</summary>
    internal const int ReconnectMilliseconds = 100;

    /// <summary>The longest pause before connecting again, in milliseconds.</summary>
    internal const int LongestReconnectMilliseconds = 1000;

    /// <summary>Part of failed calls that opens the breaker.</summary>
    internal const double BreakerFailureRatio = 0.5;

    /// <summary>Calls within the sampling time below which it never opens.</summary>
    internal const int BreakerMinimumThroughput = 20;

    /// <summary>Over how long calls are counted: when the store hangs, calls wait out their budget for half of this.</summary>
    internal static readonly TimeSpan BreakerSampling = TimeSpan.FromSeconds(2);

    /// <summary>How long nothing is tried, give or take <see cref="BreakerJitter"/>.</summary>
    internal static readonly TimeSpan BreakerPause = TimeSpan.FromSeconds(2);

    /// <summary>Part by which the pause is longer or shorter, so that many processes do not come back at one moment.</summary>
    internal const double BreakerJitter = 0.25;

    /// <summary>How the store is deployed. Default: standalone.</summary>
    public SignalTopology Topology { get; set; } = SignalTopology.Standalone;

    /// <summary>How long a call of up to <see cref="EventsPerBudget"/> events may take before it is given up: 2 to 200 ms. Default: 15 ms.</summary>
    public TimeSpan Budget { get; set; } = TimeSpan.FromMilliseconds(15);

    /// <summary>How connections to the store are encrypted, those of other users too.</summary>
    public StoreTlsOptions Tls { get; set; } = new();

    /// <summary>In the driver's form, <c>host:port,user=...,password=...</c>. Never in a message: it may hold a password.</summary>
    internal string ConnectionString { get; set; } = string.Empty;

    /// <summary>Which of <c>ConnectionStrings</c> it is.</summary>
    internal string ConnectionName { get; set; } = Section;

    /// <summary>The same store, by another connection string: that of another user.</summary>
    internal SignalStoreOptions As(string connectionString) => new() { Topology = Topology, Budget = Budget, Tls = Tls, ConnectionString = connectionString };
}
