using SpamGuard.Addresses;
using SpamGuard.Retention;
using SpamGuard.Tests.Architecture;

namespace SpamGuard.Tests.Addresses;

public sealed class SeededHashTests
{
    [Fact]
    public void SeededHash_InTheSource_IsNamedByTheReplayAlone() =>
        Assert.Equal(
            ["src/SpamGuard.Cli/Replay/ReplaySide.cs", "src/SpamGuard/Addresses/SeededHash.cs"],
            Repository.CSharp("src").Where(file => CSharpText.Code(file.Text).Contains("SeededHash", StringComparison.Ordinal)).Select(file => file.Path));

    [Fact]
    public void SeededHash_OfOneSubject_DependsOnKeyKindAndSubject()
    {
        using var one = Hasher(1);
        using var same = Hasher(1);
        using var other = Hasher(2);

        var token = one.Key(SubjectKind.Account, "x"u8).Token;

        Assert.Equal(token, same.Key(SubjectKind.Account, "x"u8).Token);
        Assert.NotEqual(token, other.Key(SubjectKind.Account, "x"u8).Token);
        Assert.NotEqual(token, one.Key(SubjectKind.Content, "x"u8).Token);
        Assert.NotEqual(token, one.Key(SubjectKind.Account, "y"u8).Token);
        Assert.Equal(one.Fingerprint(new byte[500]), same.Fingerprint(new byte[500]));
    }

    private static AddressHasher Hasher(byte key) => new([.. Enumerable.Repeat(key, AddressHasher.KeySize)], static key => new SeededHash(key));
}
