using System.Text.Json;
using SpamGuard.Records;

namespace SpamGuard.Tests.Records;

/// <summary>The update gives the same bytes as the model's reference implementation.</summary>
public sealed class GoldenUpdatesTests
{
    [Fact]
    public async Task CountEventAndCountReport_EveryVector_GiveTheReferenceBytes()
    {
        var vectors = 0;
        await foreach (var line in File.ReadLinesAsync(Path.Combine(AppContext.BaseDirectory, "Data", "golden-updates.ndjson")))
        {
            using var vector = JsonDocument.Parse(line);
            var root = vector.RootElement;
            var before = root.GetProperty("before").GetString();
            var record = before is null ? default : SignalRecord.Read(Convert.FromHexString(before));
            vectors++;
            if (root.GetProperty("units").ValueKind == JsonValueKind.Null)
            {
                Assert.False(record.Exists); // of another format: the store reads it as absent and leaves it alone
                continue;
            }

            var now = root.GetProperty("now").GetInt64();
            var member = root.GetProperty("member").GetUInt32();
            var units = root.GetProperty("what").GetString() switch
            {
                "event" => record.CountEvent(now, member, root.GetProperty("fast").GetInt32(), root.GetProperty("slow").GetInt32()),
                "spam" => record.CountReport(now, member, spam: true),
                _ => record.CountReport(now, member, spam: false),
            };

            Assert.Equal(root.GetProperty("units").GetInt32(), units);
            if (units > 0)
            {
                var after = new byte[SignalRecord.Size];
                record.Write(after);
                Assert.Equal(root.GetProperty("after").GetString(), Convert.ToHexStringLower(after));
            }
        }

        Assert.Equal(481, vectors);
    }
}
