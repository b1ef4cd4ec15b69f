using System.Text;
using SpamGuard.Addresses;
using SpamGuard.Retention;
using SpamGuard.Storage;

namespace SpamGuard.Tests.Storage;

public sealed class KeysTests
{
    private static readonly SubjectToken Token = new([0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0xfb]);
    private static readonly SubjectToken Other = new([9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]);

    [Fact]
    public void EveryKey_IsAsItsTableSays()
    {
        Assert.Equal("sg:a:{_wECAwQFBgcICQr7}", Text(Keys.Subject(new SubjectKey(SubjectKind.Address, Token))));
        Assert.Equal("sg:n:{_wECAwQFBgcICQr7}", Text(Keys.Subject(new SubjectKey(SubjectKind.Network, Token))));
        Assert.Equal("sg:r:{_wECAwQFBgcICQr7}", Text(Keys.Subject(new SubjectKey(SubjectKind.Region, Token))));
        Assert.Equal("sg:c:{_wECAwQFBgcICQr7}", Text(Keys.Subject(new SubjectKey(SubjectKind.Account, Token))));
        Assert.Equal("sg:d:{_wECAwQFBgcICQr7}", Text(Keys.Subject(new SubjectKey(SubjectKind.Content, Token))));
        Assert.Equal("sg:q:{_wECAwQFBgcICQr7}:CQkJCQkJCQkJCQkJ", Text(Keys.Replay(new ReplayGuard(Token, Other, 0, default))));
        Assert.Equal("sg:f:{_wECAwQFBgcICQr7}", Text(Keys.Reports(Token)));
        Assert.Equal("sg:e:a5874", Text(Keys.Epoch(new EpochId(RetentionClass.Address, 5874))));
        Assert.Equal("sg:e:n1370", Text(Keys.Epoch(new EpochId(RetentionClass.Network, 1370))));
        Assert.Equal("sg:w:4-198", Text(Keys.Aggregate(new WidePrefix(4, 198))));
        Assert.Equal("sg:w:6-2a0104", Text(Keys.Aggregate(new WidePrefix(6, 0x2a0104))));
        Assert.Equal("sg:w:all", Text(Keys.Aggregate(prefix: null)));
        Assert.Equal("sg:x:a00000000000000ff", Text(Keys.Override(new OverrideId(RetentionClass.Address, 255))));
        Assert.Equal("sg:x:nffffffffffffffff", Text(Keys.Override(new OverrideId(RetentionClass.Network, ulong.MaxValue))));
        Assert.Equal("sg:x:n:ids", Text(Keys.OverrideIds()));
    }

    [Fact]
    public void CapSeconds_OfEveryKey_IsThatOfItsClass()
    {
        const long Day = 86_400;
        foreach (var kind in Enum.GetValues<SubjectKind>())
        {
            Assert.Equal(kind.Class().CapSeconds, Keys.CapSeconds(Text(Keys.Subject(new SubjectKey(kind, Token)))));
        }

        Assert.Equal(60, Keys.CapSeconds(Text(Keys.Replay(new ReplayGuard(Token, Other, 0, default)))));
        Assert.Equal(7 * Day, Keys.CapSeconds(Text(Keys.Reports(Token))));
        Assert.Equal((7 * Day) + 900, Keys.CapSeconds("sg:e:a5874"));
        Assert.Equal((30 * Day) + 900, Keys.CapSeconds("sg:e:n1370"));
        Assert.Equal(30 * Day, Keys.CapSeconds("sg:w:all"));
        Assert.Equal(7 * Day, Keys.CapSeconds("sg:x:a00000000000000ff"));
        Assert.Equal(30 * Day, Keys.CapSeconds("sg:x:n00000000000000ff"));
        Assert.Equal(30 * Day, Keys.CapSeconds("sg:x:n:ids"));
    }

    [Theory]
    [InlineData("sg:")]
    [InlineData("sg:z:{x}")]
    [InlineData("sg:e:x1")]
    [InlineData("sg:x:w1")]
    [InlineData("other:a:{x}")]
    [InlineData("sg:aa{x}")]
    public void CapSeconds_OfAKeyThatIsNoneOfOurs_IsNone(string key) => Assert.Null(Keys.CapSeconds(key));

    private static string Text(byte[] key) => Encoding.ASCII.GetString(key);
}
