namespace SpamGuard.Tests.Architecture;

public sealed class FloorTests
{
    private static readonly SourceFile Keys = File("Storage/Keys.cs", "namespace SpamGuard.Storage; internal static class Keys { }");

    [Fact]
    public void Product_AsItIs_ImportsOnlyDownwards() =>
        Assert.Empty(Floors.Violations(Repository.CSharp(Floors.Product)));

    [Theory]
    [InlineData("using SpamGuard.Storage;")]
    [InlineData("using static SpamGuard.Storage.Keys;")]
    [InlineData("using K = SpamGuard.Storage.Keys;")]
    [InlineData("using global::SpamGuard.Storage;")]
    [InlineData("class C { object o = SpamGuard.Storage.Keys.Make(); }")]
    [InlineData("class C { object o = global::SpamGuard.Storage.Keys.Make(); }")]
    [InlineData("namespace SpamGuard.Records; class C { object o = Storage.Keys.Make(); }")]
    [InlineData("namespace SpamGuard.Records; class C { string s = $\"{Storage.Keys.Make()}\"; }")]
    [InlineData("namespace SpamGuard.Records; class C { Storage.Redis.Thing t; }")]
    public void Violations_LowerFloorUsesUpper_AreReported(string text)
    {
        var thing = File("Storage/Redis/Thing.cs", "namespace SpamGuard.Storage.Redis; class Thing { }");

        var violation = Assert.Single(Floors.Violations([Keys, thing, File("Records/C.cs", text)]));

        Assert.Equal("src/SpamGuard/Records/C.cs: Records (floor 1) uses Storage (floor 3)", violation);
    }

    [Theory]
    [InlineData("Retention", "Records")]
    [InlineData("Addresses", "Signals")]
    [InlineData("Epochs", "Aggregates")]
    [InlineData("Overrides", "Epochs")]
    [InlineData("Desk", "Feedback")]
    [InlineData("Feedback", "Desk")]
    [InlineData("Feedback", "Scoring")]
    [InlineData("Scoring", "Desk")]
    public void Violations_SameFloorOrForbiddenFolder_AreReported(string from, string to) =>
        Assert.Single(Floors.Violations([File($"{from}/C.cs", $"using SpamGuard.{to};")]));

    [Theory]
    [InlineData("Addresses", "Retention")]
    [InlineData("Signals", "Records")]
    [InlineData("Storage", "Addresses")]
    [InlineData("Epochs", "Storage")]
    [InlineData("Desk", "Overrides")]
    [InlineData("Scoring", "Feedback")]
    [InlineData("Scoring", "Retention")]
    [InlineData("Storage/Redis", "Storage")]
    public void Violations_UseOfALowerFloorOrOfItself_AreNone(string from, string to) =>
        Assert.Empty(Floors.Violations([File($"{from}/C.cs", $"using SpamGuard.{to};")]));

    [Theory]
    [InlineData("// Storage.Keys makes them\nclass C { }")]
    [InlineData("/// <see cref=\"Storage.Keys\"/>\nclass C { }")]
    [InlineData("class C { string s = \"SpamGuard.Storage\"; }")]
    [InlineData("class C { int n = Storage.Count; }")]
    [InlineData("class C { int n = options.Storage.Keys; }")]
    public void Violations_WordThatIsNoUse_AreNone(string text) =>
        Assert.Empty(Floors.Violations([Keys, File("Records/C.cs", text)]));

    [Fact]
    public void Violations_FolderWithoutAFloor_AreReported() =>
        Assert.Contains(
            "has no floor",
            Assert.Single(Floors.Violations([File("Helpers/C.cs", "namespace SpamGuard.Helpers; class C { }")])),
            StringComparison.Ordinal);

    [Fact]
    public void Violations_NamespaceOfAnotherFolder_AreReported() =>
        Assert.Contains(
            "the folder says SpamGuard.Records",
            Assert.Single(Floors.Violations([File("Records/C.cs", "namespace SpamGuard.Scoring; class C { }")])),
            StringComparison.Ordinal);

    [Fact]
    public void Violations_GlobalUsing_AreReported() =>
        Assert.Contains(
            "global using",
            Assert.Single(Floors.Violations([File("Usings.cs", "global using SpamGuard.Storage;")])),
            StringComparison.Ordinal);

    [Fact]
    public void Violations_RootFile_MayUseEveryFolder() =>
        Assert.Empty(Floors.Violations([File("Setup.cs", "using SpamGuard.Scoring;\nusing SpamGuard.Desk;\nnamespace SpamGuard; class Setup { }")]));

    [Fact]
    public void Violations_FolderUsesARootTypeThatUsesFolders_AreReported() =>
        Assert.Contains(
            "uses Setup of the root",
            Assert.Single(Floors.Violations(
            [
                File("Setup.cs", "using SpamGuard.Scoring; namespace SpamGuard; static class Setup { }"),
                File("Records/C.cs", "namespace SpamGuard.Records; class C { object o = Setup.Make(); }"),
            ])),
            StringComparison.Ordinal);

    [Fact]
    public void Violations_FolderUsesARootTypeThatUsesNothing_AreNone() =>
        Assert.Empty(Floors.Violations(
        [
            File("EventIds.cs", "namespace SpamGuard; static class EventIds { }"),
            File("Records/C.cs", "namespace SpamGuard.Records; class C { int i = EventIds.Started; }"),
        ]));

    private static SourceFile File(string path, string text) => new($"{Floors.Product}/{path}", text);
}
