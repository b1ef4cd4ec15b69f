extern alias client;

using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using SpamGuard.AspNetCore;
using SpamGuard.Testing.Privacy;

namespace SpamGuard.IntegrationTests.AspNetCore;

/// <summary>The address of a request, and its digests, are in nothing that the checks log, answer, measure or have a form carry.</summary>
public sealed class AddressNowhereTests(TestAddressFixture server) : IClassFixture<TestAddressFixture>
{
    [Theory]
    [InlineData(Canaries.V4)]
    [InlineData(Canaries.V6)]
    public async Task Canary_InEveryBranch_IsInNothingThatIsLeft(string address)
    {
        var keys = new EphemeralDataProtectionProvider();
        await using var app = await CheckedApp.StartAsync(
            services => CheckedApp.Of(server)(services.AddSingleton<IDataProtectionProvider>(keys)),
            static options =>
            {
                options.IncludeReasons = true;
                options.Account = static _ => ValueTask.FromResult<string?>(Canaries.Account);
                options.Content = static _ => ValueTask.FromResult<string?>(Canaries.Content);
            });
        var answers = new List<string>();
        var states = new List<string>();
        for (var i = 0; i < 25; i++)
        {
            await PostAsync("/sign-up", null, null);
        }

        await PostAsync("/sign-up", states[0], "wrong");
        await PostAsync("/sign-up", states[1], "right");
        await PostAsync("/sign-up", states[1], "right");
        await PostAsync("/message", states[1], "right");
        await PostAsync("/mvc/sign-up", "none", "right");

        var text = string.Join('\n', answers);
        foreach (var seen in (string[])["200", "403", "challengeState"])
        {
            Assert.Contains(seen, text, StringComparison.Ordinal);
        }

        // What is under the seal, too: somebody may have the keys.
        var protector = keys.CreateProtector("SpamGuard.AspNetCore", "ChallengeState", "v1");
        var opened = states.Select(state => Canaries.Piece(protector.Unprotect(Base64Url.DecodeFromChars(state)))).ToList();
        Assert.All(opened, static piece => Assert.True(piece.Length > 50));
        string[] logs = [.. app.Log.Logs.Select(static log => log.Text)];
        Assert.Contains(logs, static log => log.Contains("DataProtection", StringComparison.Ordinal) || log.Contains("RouteMatched", StringComparison.Ordinal) || log.Contains("/sign-up", StringComparison.Ordinal));
        foreach (var (sink, pieces, holdsBytes) in new (string, IEnumerable<string>, bool)[] { ("log", logs, false), ("answers", answers, false), ("metrics", app.Measurements, false), ("states", opened, true) })
        {
            Assert.Empty(pieces.SelectMany(piece => Canaries.Detector.Find(sink, piece, holdsBytes)).Select(static leak => $"{leak.Sink}: {leak.Form}"));
        }

        async Task PostAsync(string path, string? state, string? answer)
        {
            using var response = await app.PostAsync(path, address, state, answer);
            var body = await response.Content.ReadAsStringAsync();
            answers.Add($"{((int)response.StatusCode).ToString(CultureInfo.InvariantCulture)}\n{response.Headers}{response.Content.Headers}\n{body}");
            if (body.Contains(SpamGuardChallenge.ProblemType, StringComparison.Ordinal))
            {
                states.Add(JsonDocument.Parse(body).RootElement.GetProperty("challengeState").GetString()!);
            }
        }
    }
}
