using SpamGuard.Epochs;

namespace SpamGuard.Tests.Epochs;

public sealed class PepperRingTests : IDisposable
{
    private static readonly byte[] Pepper = [.. Enumerable.Range(200, PepperRing.PepperSize).Select(i => (byte)i)];
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void TryRead_OfBytesHexAndBase64_IsOnePepper()
    {
        var expected = new PepperRing(Pepper).NewestId;
        foreach (var content in new[] { Pepper, Ascii(Convert.ToHexString(Pepper)), Ascii(Convert.ToHexStringLower(Pepper) + "\n"), Ascii(Convert.ToBase64String(Pepper) + "\r\n") })
        {
            File.WriteAllBytes(_path, content);
            Assert.True(PepperRing.TryRead(_path, out var ring, out var fault), fault);
            Assert.Equal(expected, ring!.NewestId);
            Assert.Equal(Pepper, ring.Find(expected));
        }
    }

    [Fact]
    public void TryRead_OfSeveralLines_IsARingWithTheFirstAsNewest()
    {
        byte[] older = [.. Pepper.Reverse()];
        File.WriteAllText(_path, $"{Convert.ToHexString(Pepper)}\n\n{Convert.ToBase64String(older)}\n");
        Assert.True(PepperRing.TryRead(_path, out var ring, out var fault), fault);

        Assert.Equal(new PepperRing(Pepper).NewestId, ring!.NewestId);
        Assert.Equal(older, ring.Find(new PepperRing(older).NewestId));
    }

    [Theory]
    [InlineData("00112233445566778899001122334455667788990011223344556677889900aa\nand something else")]
    [InlineData("")]
    [InlineData("correct horse battery staple")]
    [InlineData("0011223344556677889900112233445566778899001122334455667788990")]
    public void TryRead_OfAnythingElse_SaysTheLengthAndNotTheContent(string content)
    {
        File.WriteAllText(_path, content);
        Assert.False(PepperRing.TryRead(_path, out var ring, out var fault));
        Assert.Null(ring);
        Assert.Equal($"a file of {content.Length} bytes", fault);
    }

    [Fact]
    public void TryRead_OfNoFile_SaysSo()
    {
        Assert.False(PepperRing.TryRead(_path + ".absent", out _, out var fault));
        Assert.Equal("a file that can't be read (FileNotFoundException)", fault);
    }

    [Fact]
    public void ForThisRun_TwoTimes_IsNotTheSame() => Assert.NotEqual(PepperRing.ForThisRun().NewestId, PepperRing.ForThisRun().NewestId);

    private static byte[] Ascii(string text) => System.Text.Encoding.ASCII.GetBytes(text);
}
