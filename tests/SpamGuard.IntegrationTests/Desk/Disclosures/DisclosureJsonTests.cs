using System.Net;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using SpamGuard.Server.Listeners;
using SpamGuard.Testing;
using static SpamGuard.IntegrationTests.Desk.Disclosures.DisclosureFixture;

namespace SpamGuard.IntegrationTests.Desk.Disclosures;

/// <summary>The same way as JSON.</summary>
public sealed class DisclosureJsonTests(DisclosureFixture server) : IClassFixture<DisclosureFixture>
{
    [Fact]
    public async Task WholeWay_AsJson_AnswersTheSame()
    {
        await server.ScoreAsync("84.1.0.1");
        var (opening, opened) = await SendAsync(Anna, "/v1/disclosures:open", JsonFormatter.Default.Format(Order("84.1.0.1")));
        var (id, key) = (opened.GetProperty("disclosure").GetProperty("disclosureId").GetString(), opened.GetProperty("orderKey").GetString());
        var order = $$""" "disclosureId":"{{id}}","orderKey":"{{key}}","addresses":["84.1.0.1"] """;

        var (deciding, decided) = await SendAsync(Bert, "/v1/disclosures:decide", $$"""{{{order}},"orderReference":"{{Reference}}","decision":"DISCLOSURE_DECISION_APPROVE"}""");
        var (executing, executed) = await SendAsync(Carl, "/v1/disclosures:execute", $$"""{{{order}}}""");
        var (again, refused) = await SendAsync(Carl, "/v1/disclosures:execute", $$"""{{{order}}}""");
        var (getting, shown) = await SendAsync(Carl, $"/v1/disclosures/{id}", body: null);
        var (listing, listed) = await SendAsync(Carl, "/v1/disclosures?state=DISCLOSURE_STATE_EXECUTED&page_size=1", body: null);

        Assert.All([opening, deciding, executing, getting, listing], status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal("DISCLOSURE_STATE_APPROVED", decided.GetProperty("disclosure").GetProperty("state").GetString());
        Assert.Equal(1, executed.GetProperty("results")[0].GetProperty("epochs").GetArrayLength());
        Assert.Equal("DISCLOSURE_HELD_FULLY", shown.GetProperty("disclosure").GetProperty("held").GetString());
        Assert.Equal(id, listed.GetProperty("disclosures")[0].GetProperty("disclosureId").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, again); // FAILED_PRECONDITION
        Assert.Equal("The disclosure is executed: nothing more can be had by it.", refused.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("""{"category":"WAR","validUntil":"2026-12-01T00:00:00Z"}""", "category")]
    [InlineData("""{"validUntil":"tomorrow"}""", "valid_until")]
    [InlineData("""{"validUntil":{"seconds":1} }""", "valid_until")]
    [InlineData("""{"addresses":["84.2.0.1",84]}""", "addresses[1]")]
    [InlineData("""{"addresses":"84.2.0.1"}""", "addresses")]
    public async Task Open_WhatCannotBeRead_NamesTheField(string body, string field)
    {
        var (status, error) = await SendAsync(Anna, "/v1/disclosures:open", body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains($"\"field\":\"{field}\"", error.GetRawText().Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("84.2.0.1", error.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("state=FOO", "state")]
    [InlineData("page_size=many", "page_size")]
    public async Task List_OfWhatCannotBeRead_NamesTheField(string query, string field)
    {
        var (status, error) = await SendAsync(Carl, $"/v1/disclosures?{query}", body: null);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains($"\"field\":\"{field}\"", error.GetRawText().Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_AThousandAddresses_IsTaken()
    {
        string[] named = [.. Enumerable.Range(0, 1000).Select(static i => $"2a02:8403:{i:x}:ffff:ffff:ffff:ffff:ffff")];

        var (status, opened) = await SendAsync(Anna, "/v1/disclosures:open", JsonFormatter.Default.Format(Order(named)));

        Assert.Equal((HttpStatusCode.OK, 1000), (status, opened.GetProperty("disclosure").GetProperty("named").GetInt32()));
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(string identity, string path, string? body)
    {
        using var client = server.Mounted.Http(server.Url(Listener.Http), server.CertificateOf(identity));
        using var content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await (content is null ? client.GetAsync(new Uri(path, UriKind.Relative)) : client.PostAsync(new Uri(path, UriKind.Relative), content)).DefaultTimeout();
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync().DefaultTimeout());
        return (response.StatusCode, document.RootElement.Clone());
    }
}
