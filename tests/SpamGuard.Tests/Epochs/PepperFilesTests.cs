using System.Text;
using SpamGuard.Epochs;

namespace SpamGuard.Tests.Epochs;

public sealed class PepperFilesTests : IDisposable
{
    private static readonly byte[] Pepper = [.. Enumerable.Range(200, PepperRing.PepperSize).Select(i => (byte)i)];
    private static readonly byte[] Older = [.. Pepper.Reverse()];
    private readonly string _folder = Directory.CreateTempSubdirectory("peppers").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TryRead_OfBytesHexAndBase64_IsOnePepper()
    {
        foreach (var content in new[] { Pepper, Ascii(Convert.ToHexString(Pepper)), Ascii(Convert.ToHexStringLower(Pepper) + "\n"), Ascii(Convert.ToBase64String(Pepper) + "\r\n") })
        {
            Assert.Equal([Pepper], ReadFile(content));
            Write("one.pepper", content);
            Assert.Equal([Pepper], ReadFolder());
        }
    }

    [Fact]
    public void TryRead_OfSeveralLinesOfAFile_IsARingWithTheFirstAsNewest() =>
        Assert.Equal([Pepper, Older], ReadFile(Ascii($"{Convert.ToHexString(Pepper)}\n\n{Convert.ToBase64String(Older)}\n")));

    [Fact]
    public void TryRead_OfAFolder_HasTheLastByNameAsNewestAndLeavesHiddenOnesAlone()
    {
        Write("2026-08-26.pepper", Older);
        Write("2026-11-26.pepper", Ascii(Convert.ToHexString(Pepper)));
        Write(".2027-01-01.pepper", Ascii("hidden"));
        Directory.CreateDirectory(Path.Combine(_folder, "..data"));
        Directory.CreateDirectory(Path.Combine(_folder, "folder"));

        Assert.Equal([Pepper, Older], ReadFolder());
    }

    [Theory]
    [InlineData("00112233445566778899001122334455667788990011223344556677889900aa\nand something else")]
    [InlineData("")]
    [InlineData("correct horse battery staple")]
    [InlineData("0011223344556677889900112233445566778899001122334455667788990")]
    public void TryRead_OfAnythingElse_SaysTheLengthAndNotTheContent(string content)
    {
        Assert.Equal($"a file of {content.Length} bytes", FileFault(Ascii(content)));
        Write("2026-11-26.pepper", Ascii(content));
        Write("2026-08-26.pepper", Pepper);
        Assert.Equal($"2026-11-26.pepper, a file of {content.Length} bytes", FolderFault());
    }

    [Fact]
    public void TryRead_OfAFolderWithAFileOfTwo_IsRefused()
    {
        Write("2026-11-26.pepper", Ascii($"{Convert.ToHexString(Pepper)}\n{Convert.ToHexString(Older)}\n"));
        Assert.Equal("2026-11-26.pepper, a file of 130 bytes", FolderFault());
    }

    [Fact]
    public void TryRead_OfOnePepperTwice_IsRefused()
    {
        Write("2026-08-26.pepper", Pepper);
        Write("2026-11-26.pepper", Ascii(Convert.ToBase64String(Pepper)));
        Assert.Equal("one pepper twice, where each is to be new", FolderFault());
    }

    [Fact]
    public void TryRead_OfNothing_SaysSo()
    {
        Assert.Equal("a folder without files", FolderFault());
        Assert.Equal("no file", Fault(WatchedFiles.Read(_folder, name => name == "absent", PepperFiles.MaxBytes), isFolder: false));
        Assert.Equal("no folder", Fault(WatchedFiles.Read(_folder + ".absent", PepperFiles.IsOne, PepperFiles.MaxBytes), isFolder: true));
    }

    [Fact]
    public void TryRead_OfFiles_ZeroesWhatWasRead()
    {
        Write("2026-11-26.pepper", Ascii(Convert.ToHexString(Pepper)));
        var files = WatchedFiles.Read(_folder, PepperFiles.IsOne, PepperFiles.MaxBytes);

        Assert.True(PepperFiles.TryRead(files, isFolder: true, out var peppers, out _));

        Assert.All(files.Files.SelectMany(file => file.Content), value => Assert.Equal(0, value));
        Assert.Equal([Pepper], peppers);
    }

    [Fact]
    public void OpenToAll_OfAFileThatOthersMayRead_NamesIt()
    {
        Write("2026-08-26.pepper", Older);
        Write("2026-11-26.pepper", Pepper);
        SetMode("2026-08-26.pepper", UnixFileMode.UserRead | UnixFileMode.GroupRead);
        SetMode("2026-11-26.pepper", UnixFileMode.UserRead | UnixFileMode.OtherRead);

        Assert.Equal(["2026-11-26.pepper"], PepperFiles.OpenToAll(WatchedFiles.Read(_folder, PepperFiles.IsOne, PepperFiles.MaxBytes)));
    }

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    private void Write(string name, byte[] content) => File.WriteAllBytes(Path.Combine(_folder, name), content);

    private void SetMode(string name, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("Modes of files are those of Unix.");
        }

        File.SetUnixFileMode(Path.Combine(_folder, name), mode);
    }

    private List<byte[]> ReadFolder()
    {
        Assert.True(PepperFiles.TryRead(WatchedFiles.Read(_folder, PepperFiles.IsOne, PepperFiles.MaxBytes), isFolder: true, out var peppers, out var fault), fault);
        return peppers;
    }

    private string FolderFault() => Fault(WatchedFiles.Read(_folder, PepperFiles.IsOne, PepperFiles.MaxBytes), isFolder: true);

    private static WatchedFiles OneFile(byte[] content) => new("folder", [new WatchedFile("pepper", [.. content], Fault: null)], Fault: null);

    private static List<byte[]> ReadFile(byte[] content)
    {
        Assert.True(PepperFiles.TryRead(OneFile(content), isFolder: false, out var peppers, out var fault), fault);
        return peppers;
    }

    private static string FileFault(byte[] content) => Fault(OneFile(content), isFolder: false);

    private static string Fault(WatchedFiles files, bool isFolder)
    {
        Assert.False(PepperFiles.TryRead(files, isFolder, out var peppers, out var fault));
        Assert.Empty(peppers);
        return fault;
    }
}
