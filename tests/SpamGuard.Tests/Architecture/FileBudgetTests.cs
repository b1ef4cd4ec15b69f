namespace SpamGuard.Tests.Architecture;

public sealed class FileBudgetTests
{
    [Fact]
    public void Source_AsItIs_IsWithinItsBudget() => Assert.Empty(FileBudget.Source.Violations(Repository.CSharp("src")));

    [Fact]
    public void Tests_AsTheyAre_AreWithinTheirBudget() => Assert.Empty(FileBudget.Tests.Violations(Repository.CSharp("tests")));

    [Fact]
    public void Source_AsItIs_IsSealedOrStatic() => Assert.Empty(FileBudget.OpenClasses(Repository.CSharp("src")));

    [Fact]
    public void Source_AsItIs_NamesFilesAfterTheirTypes() => Assert.Empty(FileBudget.Misnamed(Repository.CSharp("src")));

    [Fact]
    public void Violations_OneFileOverTheLimit_AreReported()
    {
        var files = Files(Enumerable.Repeat(10, 20).Append(401));

        Assert.Equal(["src/F20.cs: 401 lines, and the limit is 400"], FileBudget.Source.Violations(files));
    }

    [Fact]
    public void Violations_MedianOverTheLimit_AreReported() =>
        Assert.Equal(
            ["the median file has 71 lines, and the limit is 70"],
            FileBudget.Source.Violations(Files([10, 71, 71])));

    [Fact]
    public void Violations_NinetiethPercentileOverTheLimit_AreReported() =>
        Assert.Equal(
            ["the 90th percentile is 201 lines, and the limit is 200"],
            FileBudget.Source.Violations(Files(Enumerable.Repeat(10, 8).Concat([201, 201]))));

    [Fact]
    public void Violations_ExactlyAtTheLimits_AreNone() =>
        Assert.Empty(FileBudget.Source.Violations(Files([70, 70, 70, 70, 70, 70, 70, 70, 200, 400])));

    [Fact]
    public void Violations_NoFiles_AreReported() => Assert.Equal(["no file was found"], FileBudget.Source.Violations([]));

    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 1)]
    [InlineData("a\n", 1)]
    [InlineData("a\n\nb", 3)]
    public void Lines_OfAText_AreCountedAsAnEditorDoes(string text, int lines) => Assert.Equal(lines, new SourceFile("a.cs", text).Lines);

    [Fact]
    public void OpenClasses_MoreThanOneInFive_AreReported()
    {
        const string closed = "sealed class A {} static class B {} internal sealed record C(int X); public sealed partial class D {}";

        Assert.Empty(FileBudget.OpenClasses([new("src/A.cs", closed + " class E {}")]));
        Assert.Equal(
            ["2 of 6 classes are neither sealed nor static: E, F"],
            FileBudget.OpenClasses([new("src/A.cs", closed + " class E {} public record F(int X);")]));
    }

    [Fact]
    public void OpenClasses_WhatIsNoClass_IsNotCounted() =>
        Assert.Empty(FileBudget.OpenClasses([new("src/A.cs", "struct A {} record struct B(int X); interface C {} enum D {} // class E {}")]));

    [Theory]
    [InlineData("src/Keys.cs", "internal static class Keys { }")]
    [InlineData("src/Keys.Log.cs", "internal static partial class Keys { }")]
    [InlineData("src/Kind.cs", "internal enum Kind { A }")]
    [InlineData("src/Make.cs", "internal delegate int Make(int x);")]
    [InlineData("src/Box.cs", "internal readonly record struct Box<T>(T Value);")]
    [InlineData("src/Program.cs", "return 0;")]
    public void Misnamed_FileOfItsType_IsNotReported(string path, string text) => Assert.Empty(FileBudget.Misnamed([new(path, text)]));

    [Theory]
    [InlineData("src/Keys.cs", "internal static class KeyMaker { }")]
    [InlineData("src/Keys.cs", "// class Keys\ninternal static class KeyMaker { string s = \"class Keys {\"; }")]
    public void Misnamed_FileOfAnotherType_IsReported(string path, string text) =>
        Assert.Equal([$"{path}: declares no type of that name"], FileBudget.Misnamed([new(path, text)]));

    private static List<SourceFile> Files(IEnumerable<int> lengths) =>
        [.. lengths.Select((lines, i) => new SourceFile($"src/F{i}.cs", string.Concat(Enumerable.Repeat("x\n", lines))))];
}
