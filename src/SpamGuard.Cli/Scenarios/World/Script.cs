using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SpamGuard.Addresses;
using SpamGuard.Feedback;
using SpamGuard.Policies;
using SpamGuard.Retention;
using SpamGuard.Scoring;

namespace SpamGuard.Cli.Scenarios.World;

/// <summary>Where one scenario's generator writes its events. What chance reports of them is drawn as they are written.</summary>
internal sealed class Script
{
    /// <summary>How many days the world lasts.</summary>
    public const int Days = 14;

    /// <summary>From which day on honest traffic is judged.</summary>
    public const int JudgedFromDay = 2;

    private const double SpamCoverage = .3;
    private const double HamCoverage = .01;
    private const double FalseReports = .002;

    /// <summary>When the world begins: a Monday, at midnight.</summary>
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan SoonestReport = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan MeanReport = TimeSpan.FromHours(6);

    private readonly string _scenario;
    private readonly EpochCalendar _calendar;
    private readonly ulong _stream;
    private ulong _digests;

    /// <summary>A script with a stream of chance of its own, so that no scenario's events depend on another's.</summary>
    public Script(string scenario, int seed, long phaseSeconds)
    {
        _scenario = scenario;
        _calendar = new EpochCalendar(phaseSeconds);
        var name = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{scenario} {seed}"));
        _stream = BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(name));
        Random = new Random((int)_stream);
    }

    /// <summary>The scenario's own chance.</summary>
    public Random Random { get; }

    /// <summary>What was written.</summary>
    public List<WorldEvent> Events { get; } = [];

    /// <summary>The reports that were asked for.</summary>
    public List<WorldReport> Reports { get; } = [];

    /// <summary>A time, in days since the beginning.</summary>
    public static DateTimeOffset At(double days) => Start + TimeSpan.FromSeconds(Math.Round(days * 86_400));

    /// <summary>A new digest: of an account, of a content or of a person who reports.</summary>
    public ReadOnlyMemory<byte> Digest()
    {
        var digest = new byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(digest, _stream);
        BinaryPrimitives.WriteUInt64BigEndian(digest.AsSpan(8), _digests++);
        return digest;
    }

    /// <summary>A number of new digests.</summary>
    public ReadOnlyMemory<byte>[] Digests(int count) => [.. Enumerable.Range(0, count).Select(_ => Digest())];

    /// <summary>The first beginning of an epoch of addresses at or after a day.</summary>
    public DateTimeOffset AddressEpochFrom(double day)
    {
        var time = At(day).ToUnixTimeSeconds();
        var epoch = _calendar.At(RetentionClass.Address, time);
        var start = _calendar.Start(epoch);
        return DateTimeOffset.FromUnixTimeSeconds(start == time ? start : start + RetentionClass.Address.EpochSeconds);
    }

    /// <summary>Writes a sign-up for a new account.</summary>
    public WorldEvent SignUp(string part, DateTimeOffset time, ClientAddress address, Truth truth, ReadOnlyMemory<byte>? account = null) =>
        Add(Draw(part, time, new SpamEvent(EventKind.SignUp, address, account ?? Digest(), default), truth));

    /// <summary>Writes a message.</summary>
    public WorldEvent Message(
        string part, DateTimeOffset time, ClientAddress address, ReadOnlyMemory<byte> account, Truth truth, ReadOnlyMemory<byte> content = default) =>
        Add(Draw(part, time, new SpamEvent(EventKind.Message, address, account, content), truth));

    /// <summary>Draws what will be reported of an event, and writes nothing yet.</summary>
    public WorldEvent Draw(string part, DateTimeOffset time, SpamEvent spamEvent, Truth truth) => new()
    {
        Scenario = _scenario,
        Part = truth == Truth.Honest && time < At(JudgedFromDay) ? null : part,
        Time = time,
        Arrival = time,
        Event = spamEvent,
        Label = DrawLabel(truth),
        ReportTime = time + SoonestReport + Random.Exponential(MeanReport),
        PassesChallenge = truth == Truth.HonestAndTold,
    };

    /// <summary>Writes an event that was drawn.</summary>
    public WorldEvent Add(WorldEvent drawn)
    {
        Events.Add(drawn);
        return drawn;
    }

    /// <summary>Asks for a report.</summary>
    public void Report(WorldEvent about, OutcomeLabel label, DateTimeOffset time, ReadOnlyMemory<byte> reporter = default) =>
        Reports.Add(new WorldReport(about, label, time, reporter));

    private OutcomeLabel? DrawLabel(Truth truth)
    {
        var drawn = Random.NextDouble();
        return truth switch
        {
            Truth.Honest when drawn < FalseReports => OutcomeLabel.Spam,
            Truth.Honest when drawn < FalseReports + HamCoverage => OutcomeLabel.Legitimate,
            Truth.Spam when drawn < SpamCoverage => OutcomeLabel.Spam,
            Truth.HonestAndTold => OutcomeLabel.Legitimate,
            _ => null,
        };
    }
}
