extern alias client;

using System.Diagnostics.Metrics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using client::SpamGuard.Client;
using client::SpamGuard.V1;
using Microsoft.Extensions.DependencyInjection;
using SpamGuard.Testing;

namespace SpamGuard.IntegrationTests.Client;

/// <summary>The tables of the client's guide are the code's: options, their defaults and what is allowed, instruments and their tags.</summary>
public sealed partial class ClientGuideTests
{
    private static readonly string Guide = Pages.Text("src/SpamGuard.Client/README.md");

    private static readonly Dictionary<string, (string Default, string Allowed)> Options = Rows("| option | default | allowed |")
        .SelectMany(static row => Span().Matches(row[0]).Select(key => (Key: key.Groups["code"].Value, row)))
        .ToDictionary(static one => one.Key, static one => (one.row[1], one.row[2]), StringComparer.Ordinal);

    public static TheoryData<string> Limited { get; } = [.. Options.Where(static option => Range().IsMatch(option.Value.Allowed)).Select(static option => option.Key)];

    [Fact]
    public void Options_OfTheGuide_AreThoseOfTheCodeWithTheirDefaults()
    {
        var options = new SpamGuardClientOptions();

        Assert.Equal(
            Settings().Select(setting => (setting.Key, Written(setting.Property.GetValue(setting.Owner(options))))).Order(),
            Options.Select(static option => (option.Key, option.Value.Default)).Order());
    }

    [Theory]
    [MemberData(nameof(Limited))]
    public void Range_OfTheGuide_IsWhatIsTaken(string key)
    {
        var range = Range().Match(Options[key].Allowed);
        var (_, property, owner) = Settings().Single(setting => setting.Key == key);
        bool IsTaken(string bound, int beyond) => ClientGuideTests.IsTaken(options => property.SetValue(owner(options), Read(bound, property.PropertyType, beyond)));

        Assert.Equal(
            (false, true, true, false),
            (IsTaken(range.Groups["least"].Value, -1), IsTaken(range.Groups["least"].Value, 0), IsTaken(range.Groups["most"].Value, 0), IsTaken(range.Groups["most"].Value, 1)));
        Assert.Equal(Options[key].Allowed.StartsWith("0 ", StringComparison.Ordinal), IsTaken("0", 0));
    }

    [Fact]
    public void Allowed_OfTheRest_IsWhatIsTaken()
    {
        foreach (var (key, property, owner) in Settings().Where(static setting => setting.Property.PropertyType == typeof(Verdict)))
        {
            var taken = Enum.GetValues<Verdict>().Where(verdict => IsTaken(options => property.SetValue(owner(options), verdict)));
            Assert.Equal(string.Join(", ", taken.Select(static verdict => $"`{verdict}`")), Options[key].Allowed);
        }

        Assert.Equal("above 0 and up to 1", Options["CircuitBreaker:FailureRatio"].Allowed);
        Assert.Equal((false, true, true, false), (IsTakenRatio(0), IsTakenRatio(double.Epsilon), IsTakenRatio(1), IsTakenRatio(1.001)));
        Assert.Equal("`https://host:port`, `http://host:port`, `dns:///host:port`", Options["Address"].Allowed);
        Assert.All(Span().Matches(Options["Address"].Allowed), static url => Assert.True(IsTaken(options => options.Address = new Uri(url.Groups["code"].Value.Replace("port", "5080", StringComparison.Ordinal)))));
        Assert.Equal(Settings().Count(), Limited.Count + 4 + 2 + 4); // besides: verdicts, those two, a flag, and files
    }

    [Fact]
    public async Task Instruments_OfTheGuide_AreThoseOfTheMeterWithTheirTags()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var measured = new Measured(services);
        using var metrics = new ClientMetrics(services.GetRequiredService<IMeterFactory>());

        metrics.Called("Score", "ok", TimeSpan.FromSeconds(1));
        metrics.Assessed(EventKind.SignUp, SpamGuardAssessment.OfFallback(Verdict.Allow, FallbackCause.Deadline));
        await metrics.RetriedAsync();
        await metrics.HedgedAsync();

        var found = measured.Lines.Select(static line => (Name: line.Split('{')[0], Tags: string.Join(", ", Tag().Matches(line).Select(static tag => $"`{tag.Groups["name"].Value}`")))).Distinct();
        Assert.Equal(found.Order(), Rows("| instrument | tags | what |").Select(static row => (row[0].Trim('`'), row[1])).Order());
        var all = File.ReadAllText(Path.Combine(RepositoryRoot.Folder, "src", "SpamGuard.Client", "ClientMetrics.cs")).Split('"').Where(static text => text.StartsWith("spamguard.client.", StringComparison.Ordinal));
        Assert.Equal(all.Order(StringComparer.Ordinal), found.Select(static one => one.Name).Order(StringComparer.Ordinal)); // each was shown
    }

    private static IEnumerable<string[]> Rows(string head) => Guide.Split($"\n{head}\n")[1].Split("\n\n")[0].Split('\n').Skip(1).Select(static row => row.Split('|', StringSplitOptions.TrimEntries)[1..^1]);

    private static IEnumerable<(string Key, PropertyInfo Property, Func<SpamGuardClientOptions, object> Owner)> Settings() =>
        typeof(SpamGuardClientOptions).GetProperties().Where(static property => property.Name != nameof(SpamGuardClientOptions.ConfigureChannel)).SelectMany(static property => property.CanWrite
            ? [(property.Name, property, static options => options)]
            : property.PropertyType.GetProperties().Select(inner => ($"{property.Name}:{inner.Name}", inner, (Func<SpamGuardClientOptions, object>)(options => property.GetValue(options)!))));

    private static string Written(object? value) => value switch
    {
        null => "",
        TimeSpan span when span < TimeSpan.FromSeconds(1) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds} ms"),
        TimeSpan span => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds} s"),
        bool flag => flag ? "`true`" : "`false`",
        Verdict verdict => $"`{verdict}`",
        IFormattable number => number.ToString("#,0.##", CultureInfo.InvariantCulture).Replace("0.", ".", StringComparison.Ordinal),
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "A sort of option that the table does not know."),
    };

    private static object Read(string bound, Type type, int beyond)
    {
        var parts = bound.Split(' ');
        var number = double.Parse(parts[0], CultureInfo.InvariantCulture);
        return type == typeof(int) ? (int)number + beyond : TimeSpan.FromTicks(beyond) + (parts.Length == 1 ? TimeSpan.Zero : number * (parts[1] switch
        {
            "ms" => TimeSpan.FromMilliseconds(1),
            "s" => TimeSpan.FromSeconds(1),
            "min" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            _ => throw new ArgumentOutOfRangeException(nameof(bound), bound, "A unit that the table does not know."),
        }));
    }

    private static bool IsTakenRatio(double ratio) => IsTaken(options => options.CircuitBreaker.FailureRatio = ratio);

    private static bool IsTaken(Action<SpamGuardClientOptions> configure)
    {
        var options = new SpamGuardClientOptions { Address = new Uri("https://host:5080") };
        configure(options);
        return new SpamGuardClientOptionsRules().Validate(name: null, options).Succeeded;
    }

    [GeneratedRegex(@"(?<least>[0-9.,]+( ms| s| min| h)?) to (?<most>[0-9.,]+( ms| s| min| h)?)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Range();

    [GeneratedRegex("`(?<code>[^`]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Span();

    [GeneratedRegex("(?<name>[a-z_]+)=", RegexOptions.ExplicitCapture)]
    private static partial Regex Tag();
}
