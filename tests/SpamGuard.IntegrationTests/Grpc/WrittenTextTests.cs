using SpamGuard.Server.Grpc;

namespace SpamGuard.IntegrationTests.Grpc;

/// <summary>What is found in a text that is written down, and what is not.</summary>
public sealed class WrittenTextTests
{
    [Theory]
    [InlineData("203·0·113·9")]
    [InlineData("203‧0‧113‧9")]
    [InlineData("203･0･113･9")]
    [InlineData("203•0•113•9")]
    [InlineData("203・0・113・9")]
    [InlineData("203∙0⋅113ꞏ9")]
    [InlineData("２０３．０．\uFE0F１１３．９")]
    [InlineData("2001꞉db8∶∶9")]
    [InlineData("ⓐⓑⓒⓓ::9")]
    [InlineData("203.🐝0.113.9")]
    [InlineData("203·🐝0·113·9")]
    [InlineData("203.★0.113.9")]
    [InlineData("203.\u31640.113.9")]
    public void Fault_Address_IsFound(string text) => Assert.Equal("REASON_HOLDS_ADDRESS", WrittenText.Fault("reason", $"seen at {text}, twice")?.Reason);

    [Theory]
    [InlineData('A')]
    [InlineData('Ａ')]
    [InlineData('ⓐ')]
    [InlineData('à')]
    [InlineData('９')]
    [InlineData('＿')]
    public void Fault_AsLongAsAKey_IsFoundInAnyForm(char letter)
    {
        Assert.Null(WrittenText.Fault("reason", $"by {new string(letter, 42)} {letter}"));
        Assert.Equal("REASON_HOLDS_TOKEN", WrittenText.Fault("reason", $"by {new string(letter, 43)}")?.Reason);
    }

    [Theory]
    [InlineData("seen 🐝🐝 case")]
    [InlineData("a wave 〰〰 of 😀😀😀😀😀😀😀😀😀😀😀😀")]
    [InlineData("12:30, col·lega, v1.2.3")]
    [InlineData("Anhörung vom 12.–14.3.2026")]
    [InlineData("1.3.–5.3. geprüft")]
    [InlineData("1.身分証確認、2.写真照合、3.住所確認、4.完了")]
    [InlineData("1.核对身份；2.核对照片；3.核对住址；4.已记录")]
    [InlineData("他出示了身份证我们核对了照片和姓名并且记录了案件编号没有其他内容需要补充说明谢谢")]
    [InlineData("ผู้ร้องแสดงบัตรประจำตัวประชาชนต่อหน้าเจ้าหน้าที่ผู้รับเรื่อง")]
    [InlineData("предъявил удостоверение, щщщщщщщщщщщщщщщщщщщщ")]
    public void Fault_NothingOfThat_IsNone(string text) => Assert.Null(WrittenText.Fault("reason", text));

    [Theory]
    [InlineData("\uE001\uE002\uE003", "that is \uE001\uE002\uE003 indeed")]
    [InlineData("\uE001\uE002\uE003", "\uE001 \uE002 \uE003")]
    [InlineData("🐝🐝", "as in 🐝🐝")]
    [InlineData("7 Gs 1234/26", "as in ７gs-1234-26")]
    [InlineData("７", "of 7")]
    [InlineData("7 G", "of 7g")]
    public void HoldsReference_OneThatIsThere_IsFound(string reference, string text) => Assert.True(WrittenText.HoldsReference(text, reference));

    [Theory]
    [InlineData("\uE001\uE002\uE003", "that is \uE001\uE003 indeed")]
    [InlineData("🐝🐝", "as in 🐞🐞")]
    [InlineData("7 Gs 1234/26", "as in 8gs-1234-26")]
    [InlineData(" ", "nothing of it")]
    public void HoldsReference_AnotherOrNone_IsNotFound(string reference, string text) => Assert.False(WrittenText.HoldsReference(text, reference));
}
