using System.Text;
using SpamGuard.Addresses;
using SpamGuard.Tags;

namespace SpamGuard.Tests.Tags;

public sealed class TagFilesTests
{
    private const string LineAllowed = "allowed are an address, or a network as ADDRESS/LENGTH, a line, and comments behind #.";
    private const string DatabaseAllowed =
        "allowed are databases of a type that holds 'Anonymous-IP', and databases whose records hold an array 'tags' of names.";

    [Fact]
    public void Read_OfLists_TagsTheirAddresses()
    {
        var tags = Read(
            ("hosting.txt", "\ufeff# a comment\n\n198.18.0.0/24\r\n  2001:2::/48  # another\n"),
            ("tor.cidr", "198.18.0.7\n2001:2::1"),
            ("tor.txt", "198.18.9.9"),
            ("empty.txt", ""));

        Assert.Equal([("empty", 0), ("hosting", 2), ("tor", 3)], tags.Sizes);
        Assert.Equal(["hosting"], Of(tags, "198.18.0.6"));
        Assert.Equal(["hosting", "tor"], Of(tags, "198.18.0.7"));
        Assert.Equal(["hosting", "tor"], Of(tags, "2001:2::1"));
        Assert.Equal(["tor"], Of(tags, "198.18.9.9"));
        Assert.Empty(Of(tags, "198.19.0.0"));
    }

    [Theory]
    [InlineData("hosting", "which is no address and no network")]
    [InlineData("1/8", "which is no address and no network")]
    [InlineData("198.18.0", "which is no address and no network")]
    [InlineData("010.0.0.0/8", "which is no address and no network")]
    [InlineData("0x7f000001", "which is no address and no network")]
    [InlineData("fe80::1%3", "which is no address and no network")]
    [InlineData("[2001:2::]/48", "which is no address and no network")]
    [InlineData("198.18.0.1 198.18.0.2", "which is no address and no network")]
    [InlineData("198.18.0.0/33", "whose length is no number from 0 to 32")]
    [InlineData("198.18.0.0/", "whose length is no number from 0 to 32")]
    [InlineData("198.18.0.0/-1", "whose length is no number from 0 to 32")]
    [InlineData("198.18.0.0/255.255.0.0", "whose length is no number from 0 to 32")]
    [InlineData("2001:2::/129", "whose length is no number from 0 to 128")]
    [InlineData("198.18.0.1/24", "a network with bits set behind its length, where its first address should be")]
    [InlineData("2001:2::1/48", "a network with bits set behind its length, where its first address should be")]
    public void Read_OfALineThatIsNone_NamesFileAndLineAndNotTheText(string line, string fault)
    {
        var told = Assert.Single(Faults(("tor.txt", $"# one\n198.18.0.0/24\n{line}\n")));

        Assert.Equal($"Tags:Path: found line 3 of tor.txt, {fault}; {LineAllowed}", told);
    }

    [Fact]
    public void Read_OfManyBadLines_TellsTwentyOfAFileAndHowManyMore()
    {
        var bad = string.Concat(Enumerable.Repeat("nonsense\n", 23));
        var faults = Faults(("tor.txt", bad), ("vpn.txt", "nonsense"));

        Assert.Equal(22, faults.Count);
        Assert.Equal(20, faults.Count(fault => fault.Contains("of tor.txt, which", StringComparison.Ordinal)));
        Assert.Single(faults, fault => fault.Contains("line 1 of vpn.txt", StringComparison.Ordinal));
        Assert.Equal("Tags:Path: found 3 more such lines in tor.txt; allowed are none of them.", faults[^1]);
    }

    [Theory]
    [InlineData("Tor.txt", "Tor.txt")]
    [InlineData("tor-exits.txt", "tor-exits.txt")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456.cidr", "abcdefghijklmnopqrstuvwxyz0123456.cidr")]
    [InlineData("198.18.0.7.txt", "[name withheld]")]
    [InlineData("2001-2.txt", "[name withheld]")]
    [InlineData("a.198.18.0.7.txt", "[name withheld]")]
    public void Read_OfAListOfAnotherName_IsRefused(string name, string shown) => Assert.Equal(
        [$"Tags:Path: found a list called {shown}; allowed are names of 1 to 32 characters a-z, 0-9 and _ that begin with a letter, before .txt or .cidr."],
        Faults((name, "198.18.0.0/24")));

    [Theory]
    [InlineData("tor.txt", true)]
    [InlineData("tor.cidr", true)]
    [InlineData("anything.mmdb", true)]
    [InlineData(".tor.txt", false)]
    [InlineData("..data", false)]
    [InlineData("tor.txt~", false)]
    [InlineData("tor.txt.tmp", false)]
    [InlineData("tor", false)]
    [InlineData("README.md", false)]
    public void IsOne_OfAFile_IsByItsName(string name, bool expected) => Assert.Equal(expected, TagFiles.IsOne(name));

    [Fact]
    public void Read_OfMoreTagsThanThereCanBe_IsRefused()
    {
        var files = Enumerable.Range(0, 33).Select(i => ($"t{i}", "198.18.0.0/24")).Select(pair => (pair.Item1 + ".txt", pair.Item2)).ToArray();

        Assert.Equal(32, Read(files[..32]).Sizes.Count());
        Assert.Equal(["Tags:Path: found 33 tags; allowed are at most 32."], Faults(files));
    }

    [Fact]
    public void Read_OfWhatCannotBeRead_SaysWhichAndWhy()
    {
        Assert.False(TagFiles.TryRead(new WatchedFiles("/nowhere", [], "no folder"), out _, out var faults));
        Assert.Equal(["Tags:Path: found '/nowhere', no folder; allowed are folders with files TAG.txt, TAG.cidr or *.mmdb."], faults);

        Assert.False(TagFiles.TryRead(new WatchedFiles("/f", [new("tor.txt", [], "a file that can't be read (IOException)")], null), out _, out faults));
        Assert.Equal(["Tags:Path: found tor.txt, a file that can't be read (IOException); allowed are files that can be read, of up to 268435456 bytes."], faults);
    }

    [Fact]
    public void Read_OfABadFileBesideAGoodOne_TakesNeither()
    {
        Assert.False(TagFiles.TryRead(Files(("tor.txt", "198.18.0.7"), ("vpn.txt", "nonsense")), out var tags, out _));
        Assert.Empty(tags.Sizes);
    }

    [Fact]
    public void Read_OfTheAnonymousIpLayout_MakesItsFlagsTags()
    {
        var content = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "anonymous-ip.mmdb"));
        var tags = Read(new WatchedFile("bought.mmdb", content, Fault: null), List("vpn.txt", "198.18.1.1"));

        Assert.Equal([("anonymous", 5), ("hosting", 2), ("proxy", 1), ("residential_proxy", 1), ("tor", 1), ("vpn", 2)], tags.Sizes);
        Assert.Equal(["anonymous", "vpn"], Of(tags, "198.18.0.255"));
        Assert.Equal(["anonymous", "hosting", "vpn"], Of(tags, "198.18.1.1"));
        Assert.Equal(["anonymous", "proxy", "tor"], Of(tags, "198.18.2.7"));
        Assert.Equal(["anonymous", "proxy", "tor"], Of(tags, "::ffff:198.18.2.7"));
        Assert.Equal(["anonymous", "residential_proxy"], Of(tags, "198.18.3.0"));
        Assert.Equal(["anonymous", "hosting"], Of(tags, "2001:2::ffff:1"));
        Assert.Empty(Of(tags, "198.18.1.128"));
        Assert.Empty(Of(tags, "2001:0:c612:1::1"));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void Read_OfADatabaseWithTags_TakesThemAndLeavesTheFlags(int version)
    {
        var file = new MmdbFile("Our-Own", version)
            .Add("198.18.0.0/24", Map(("tags", new[] { "carrier_nat", "mobile" }), ("is_tor_exit_node", true)))
            .Add("198.18.1.0/24", Map(("asn", 64512u)))
            .Add("198.18.2.7/32", Map(("tags", new[] { "mobile" })));
        var tags = Read(Database(file.ToArray()));

        Assert.Equal([("carrier_nat", 1), ("mobile", 2)], tags.Sizes);
        Assert.Equal(["carrier_nat", "mobile"], Of(tags, "198.18.0.1"));
        Assert.Equal(["mobile"], Of(tags, "198.18.2.7"));
        Assert.Empty(Of(tags, "198.18.1.1"));
    }

    [Fact]
    public void Read_OfADatabaseWithANetworkWiderThanIPv4_TagsAllOfIt()
    {
        var tags = Read(Database(new MmdbFile("Our-Own", 6).Add("::/3", Map(("tags", new[] { "all" }))).ToArray()));

        Assert.Equal(["all"], Of(tags, "198.18.0.1"));
        Assert.Equal(["all"], Of(tags, "1fff::1"));
        Assert.Empty(Of(tags, "2001:2::1"));
    }

    [Fact]
    public void Read_OfADatabaseOfAnotherKind_SaysWhichAndWhatIsAllowed()
    {
        var asn = new MmdbFile("GeoLite2-ASN", 6).Add("198.18.0.0/24", Map(("autonomous_system_number", 64512u), ("country", Map(("iso_code", "ZZ")))));
        Assert.Equal([$"Tags:Path: found geo.mmdb, a database of type 'GeoLite2-ASN'; {DatabaseAllowed}"], Faults(Database(asn.ToArray())));

        var unspeakable = new MmdbFile("198.18.0.7", 4).Add("198.18.0.0/24", Map());
        Assert.Equal([$"Tags:Path: found geo.mmdb, a database of type '[name withheld]'; {DatabaseAllowed}"], Faults(Database(unspeakable.ToArray())));
    }

    [Theory]
    [InlineData("Tor")]
    [InlineData("198.18.0.7")]
    [InlineData("")]
    public void Read_OfADatabaseWithATagOfAnotherName_IsRefusedWithoutIt(string tag) => Assert.Equal(
        ["Tags:Path: found geo.mmdb, whose records hold a tag of another name; allowed are names of 1 to 32 characters a-z, 0-9 and _ that begin with a letter."],
        Faults(Database(new MmdbFile("Our-Own", 4).Add("198.18.0.0/24", Map(("tags", new[] { tag }))).ToArray())));

    [Fact]
    public void Read_OfWhatIsNoDatabase_SaysSo()
    {
        byte[][] contents =
        [
            [],
            Encoding.ASCII.GetBytes("198.18.0.0/24\n"),
            new MmdbFile("Our-Own", 4).Add("198.18.0.0/24", "text").ToArray(),
            new MmdbFile("Our-Own", 4).Add("198.18.0.0/24", Map(("tags", "text"))).ToArray(),
            new MmdbFile("Our-Own", 4).ToArray()[..^40],
        ];
        Assert.All(contents, content =>
        {
            var fault = Assert.Single(Faults(Database(content)));
            Assert.StartsWith("Tags:Path: found geo.mmdb, which is no such database or a damaged one (", fault, StringComparison.Ordinal);
            Assert.EndsWith(DatabaseAllowed, fault, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Read_OfADatabaseWithANestOfArrays_IsAFaultAndNotTheEndOfTheProcess()
    {
        // {"x": [[[[...]]]]}, deeper than a stack, and {"x": an array that holds a pointer to itself}.
        byte[] nest = [0xe1, 0x41, (byte)'x', .. Enumerable.Repeat<byte[]>([0x01, 0x04], 1_000_000).SelectMany(pair => pair)];
        byte[] loop = [0xe1, 0x44, .. "tags"u8, 0x01, 0x04, 0x20, 0x06];
        foreach (var record in new[] { nest, loop })
        {
            Assert.Single(Faults(Database(new MmdbFile("Our-Own", 4).AddRaw("198.18.0.0/24", record).ToArray())));
        }
    }

    [Fact]
    public void Read_OfADamagedDatabase_IsAFaultOrOtherTagsAndNeverAnException()
    {
        var whole = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "anonymous-ip.mmdb"));
        var random = new Random(1);
        var faults = 0;
        for (var i = 0; i < 500; i++)
        {
            var content = whole.ToArray();
            for (var damage = random.Next(1, 6); damage > 0; damage--)
            {
                content[random.Next(content.Length)] = (byte)random.Next(256);
            }

            faults += TagFiles.TryRead(new WatchedFiles("/f", [Database(content[..random.Next(content.Length / 2, content.Length + 1)])], null), out _, out _) ? 0 : 1;
        }

        Assert.InRange(faults, 1, 500);
    }

    [Fact]
    public void Of_TheSameTags_IsTheSameArray()
    {
        var tags = Read(("hosting.txt", "198.18.0.0/24"), ("tor.txt", "198.18.0.0/25"));

        Assert.Same(Of(tags, "198.18.0.1"), Of(tags, "198.18.0.2"));
        Assert.NotSame(Of(tags, "198.18.0.1"), Of(tags, "198.18.0.200"));
        Assert.Same(Of(tags, "198.19.0.1"), Of(AddressTags.None, "198.18.0.1"));
    }

    [Fact]
    public void Of_AnAddress_AllocatesNothingTheSecondTime()
    {
        var tags = Read(("hosting.txt", "198.18.0.0/24\n2001:2::/48"), ("tor.txt", "198.18.0.0/25"));
        Assert.True(ClientAddress.TryParse("198.18.0.1", out var address));
        tags.Of(address);
        var before = GC.GetAllocatedBytesForCurrentThread();
        tags.Of(address);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Dictionary<string, object> Map(params (string Key, object Value)[] pairs) => pairs.ToDictionary(pair => pair.Key, pair => pair.Value);

    private static WatchedFile List(string name, string text) => new(name, Encoding.UTF8.GetBytes(text), Fault: null);

    private static WatchedFile Database(byte[] content) => new("geo.mmdb", content, Fault: null);

    private static WatchedFiles Files(params (string Name, string Text)[] lists) => new("/f", [.. lists.Select(list => List(list.Name, list.Text))], Fault: null);

    private static AddressTags Read(params (string Name, string Text)[] lists) => Read([.. Files(lists).Files]);

    private static AddressTags Read(params WatchedFile[] files)
    {
        Assert.True(TagFiles.TryRead(new WatchedFiles("/f", files, Fault: null), out var tags, out var faults), string.Join('\n', faults));
        return tags;
    }

    private static IReadOnlyList<string> Faults(params (string Name, string Text)[] lists) => Faults([.. Files(lists).Files]);

    private static IReadOnlyList<string> Faults(params WatchedFile[] files)
    {
        Assert.False(TagFiles.TryRead(new WatchedFiles("/f", files, Fault: null), out _, out var faults));
        return faults;
    }

    private static string[] Of(AddressTags tags, string address) =>
        ClientAddress.TryParse(address, out var parsed) ? tags.Of(parsed) : throw new ArgumentException("no address", nameof(address));
}
