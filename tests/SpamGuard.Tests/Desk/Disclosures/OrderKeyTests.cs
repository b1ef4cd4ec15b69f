using SpamGuard.Desk.Disclosures;

namespace SpamGuard.Tests.Desk.Disclosures;

public sealed class OrderKeyTests
{
    [Fact]
    public void New_WrittenAndRead_CommitsToTheSame()
    {
        using var key = OrderKey.New();
        using var read = OrderKey.Read(key.Text)!;

        Assert.Equal(43, key.Text.Length);
        Assert.Equal(key.CommitToKey(), read.CommitToKey());
    }

    [Fact]
    public void Commit_OfTheSameTextForTwoUses_Differs()
    {
        using var key = OrderKey.New();

        Assert.NotEqual(key.Commit("reference", "7"), key.Commit("authority", "7"));
        Assert.NotEqual(key.Commit("reference", ""), key.CommitToKey());
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("198.51.100.7")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Read_WhatIsNone_IsNull(string text) => Assert.Null(OrderKey.Read(text));

    [Fact]
    public void Countries_OfIso3166_Are249OfTwoCapitalLetters()
    {
        Assert.Equal(249, Country.Count);
        Assert.True(Country.IsCode("DE"));
        Assert.All(["de", "XX", "EU", "UK", "DEU", "", "D1"], code => Assert.False(Country.IsCode(code)));
    }
}
