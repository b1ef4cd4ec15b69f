using System.Text;
using SpamGuard.Cli.Disclosures;
using SpamGuard.Testing;

namespace SpamGuard.Tests.Cli;

/// <summary>An order key on a disk that fills up: whether there is room is known before the order is opened.</summary>
public sealed class OrderKeyFileTests
{
    private static readonly string Key = new('k', 43);

    [Fact]
    public void Create_ThenWrite_TakesItsRoomFirst()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using var file = OrderKeyFile.Create(path);
            Assert.Equal((44, false), (new FileInfo(path).Length, file.IsWritten));

            Assert.True(file.TryWrite(Key));

            Assert.Equal((Key + '\n', true), (Read(path), file.IsWritten)); // not only once it is closed
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void New_WithoutRoom_Throws()
    {
        using var stream = new StreamWithRoom(writes: 0);

        Assert.Throws<IOException>(() => new OrderKeyFile(stream));
    }

    [Fact]
    public void TryWrite_OnADiskThatFails_SaysSo()
    {
        using var file = new OrderKeyFile(new StreamWithRoom(writes: 1));

        Assert.False(file.TryWrite(Key));
        Assert.False(file.IsWritten);
    }

    private static string Read(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), Encoding.ASCII);
        return reader.ReadToEnd();
    }
}
