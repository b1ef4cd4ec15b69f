using System.Net;
using System.Reflection;
using SpamGuard.Addresses;
using SpamGuard.Scoring;

namespace SpamGuard.IntegrationTests.Privacy;

/// <summary>Outside of its own folder an address is handed on where the list says so, and stays nowhere.</summary>
public sealed class AddressMembersTests
{
    private static readonly string[] Assemblies = ["SpamGuard", "SpamGuard.Server", "SpamGuard.Embedded", "SpamGuard.Cli"];

    private static IReadOnlyList<Type> Types => [.. Assemblies.SelectMany(static name => Assembly.Load(name).GetTypes())];

    [Fact]
    public void HandOvers_OfTheProduct_AreThoseOfTheList() => AssertListed(AddressMembers.HandOvers(Types), PlaceOfAnAddress.HandOvers.Keys, PlaceOfAnAddress.HandOvers.Keys);

    [Fact]
    public void Fields_OfTheProduct_AreThoseOfTheList() =>
        AssertListed([.. AddressMembers.Fields(Types).Where(static field => !IsOffline(field))], [.. PlaceOfAnAddress.Fields.Keys, .. PlaceOfAnAddress.WhileItRuns.Keys], PlaceOfAnAddress.Fields.Keys);

    [Fact]
    public void HandOvers_Planted_AreReported() =>
        Assert.Equal(
            [
                "IntegrationTests.Privacy.AddressMembersTests+Planted.Ask",
                "IntegrationTests.Privacy.AddressMembersTests+Planted.Give",
                "IntegrationTests.Privacy.AddressMembersTests+Planted.Given",
                "IntegrationTests.Privacy.AddressMembersTests+Planted.Many",
                "IntegrationTests.Privacy.AddressMembersTests+Planted.new",
            ],
            AddressMembers.HandOvers([typeof(Planted)]));

    [Fact]
    public void Fields_Planted_AreReported() =>
        Assert.Equal(
            [
                "IntegrationTests.Privacy.AddressMembersTests+Cache._events",
                "IntegrationTests.Privacy.AddressMembersTests+Holder._cache",
                "IntegrationTests.Privacy.AddressMembersTests+Planted.Given",
                "IntegrationTests.Privacy.AddressMembersTests+Planted.s_last",
                "Scoring.SpamEvent.Address",
            ],
            AddressMembers.Fields([typeof(Holder), typeof(Cache), typeof(Planted), typeof(SpamEvent)]));

    // Methods of the command line, while they run: it reads files of events, and no service runs it.
    private static bool IsOffline(string field) =>
        field.StartsWith("Cli.", StringComparison.Ordinal) && (field.EndsWith("()", StringComparison.Ordinal) || field.EndsWith(".lambda", StringComparison.Ordinal));

    /// <param name="found">What there is.</param>
    /// <param name="allowed">What there may be.</param>
    /// <param name="needed">What there must be, or the list has grown stale.</param>
    private static void AssertListed(IReadOnlyList<string> found, IEnumerable<string> allowed, IEnumerable<string> needed)
    {
        Assert.Equal("", string.Join('\n', found.Except(allowed, StringComparer.Ordinal)));
        Assert.Equal("", string.Join('\n', needed.Except(found, StringComparer.Ordinal)));
    }

#pragma warning disable CA1823, CS0169, CS0649, IDE0044, IDE0051, S1144 // it is looked at by reflection
    private sealed class Planted(IPAddress given)
    {
        private static ClientAddress? s_last;

        public IPAddress Given { get; } = given;

        public static bool Ask(in ClientAddress address) => address.Equals(s_last);

        public static Task<IPEndPoint?> Give() => Task.FromResult<IPEndPoint?>(null);

        public static void Many(IReadOnlyDictionary<string, IPNetwork[]> networks) => ArgumentNullException.ThrowIfNull(networks);
    }

    private sealed class Cache
    {
        private Dictionary<string, List<SpamEvent>> _events = [];
    }

    private sealed class Holder
    {
        private Lazy<Cache>? _cache;
    }
#pragma warning restore CA1823, CS0169, CS0649, IDE0044, IDE0051, S1144
}
