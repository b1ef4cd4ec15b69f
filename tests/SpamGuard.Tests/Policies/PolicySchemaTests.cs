using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Json.Schema;
using SpamGuard.Policies.Files;
using SpamGuard.Tests.Architecture;

namespace SpamGuard.Tests.Policies;

/// <summary>The schema and the reader are made of one table: whatever a schema can say, they must say alike.</summary>
public sealed class PolicySchemaTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(PolicySchema.Text());

    [Fact]
    public void Schema_CheckedIn_IsThatOfTheTable() => Assert.True(
        Repository.Read("src/SpamGuard/Policies/policy.schema.json") == PolicySchema.Text(),
        "Make it anew: dotnet run --project src/SpamGuard.Cli -- policy schema > src/SpamGuard/Policies/policy.schema.json");

    [Theory]
    [InlineData("""{}""", true)]
    [InlineData("""{"memory": {"account": true}, "test_addresses": false}""", true)]
    [InlineData("""{"defaults": {"thresholds": {"challenge": 0.2}}, "sign_up": null}""", true)]
    [InlineData("""{"sign_up": {"cap": "DENY", "hard": {"units": 3}, "failure": {"grace": "1.5h"}}}""", true)]
    [InlineData("""{"sign_up": {"hard": {"units": 3.0, "share": 0, "burst": 2e1}}}""", true)]
    [InlineData("""{"sign_up": {"tags": {"tor": {"weight": -20, "cap": "ALLOW"}, "x": null, "_": {}}}}""", false)]
    [InlineData("""{"sign_up": {"tags": {"tor": {"weight": -20, "cap": "ALLOW"}, "x": null}}}""", true)]
    [InlineData("""{"reports": {"callers": {"a.b/c": true}}}""", true)]
    [InlineData("""{"reports": {"callers": {"a b": true}}}""", false)]
    [InlineData("""{"reports": {"callers": {"": true}}}""", false)]
    [InlineData("""{"shadow": {"message": {"shadow_signals": []}}}""", false)]
    [InlineData("""{"message": {"shadow_signals": ["STANDING", "STANDING"]}}""", false)]
    [InlineData("""{"shadow": {"message": {"charges": {"sign_up_slow": 3}}}}""", false)]
    [InlineData("""{"shadow": {"defaults": {"failure": {"answer": "DENY"}}}}""", false)]
    [InlineData("""{"shadow": {"sign_up": {"failure": {"grace": "5m"}}}}""", false)]
    [InlineData("""{"shadow": {"test_addresses": true}}""", false)]
    [InlineData("""{"shadow": {"shadow": {}}}""", false)]
    [InlineData("""{"sign_up": {"memory": {"account": true}}}""", false)]
    [InlineData("""{"sign_up": {"weights": {"PRIOR": 1}}}""", false)]
    [InlineData("""{"sign_up": {"weights": {"STANDING": 5.01}}}""", false)]
    [InlineData("""{"sign_up": {"weights": {"STANDING": "1"}}}""", false)]
    [InlineData("""{"sign_up": {"weights": {"STANDING": null}}}""", false)]
    [InlineData("""{"sign_up": {"hard": {"units": 2.5}}}""", false)]
    [InlineData("""{"sign_up": {"failure": {"grace": 300}}}""", false)]
    [InlineData("""{"sign_up": {"failure": {"grace": "5 m"}}}""", false)]
    [InlineData("""{"sign_up": {"failure": {"after_grace": "DENY"}}}""", false)]
    [InlineData("""{"sign_up": {"cap": "deny"}}""", false)]
    [InlineData("""{"sign_up": {"cap": ["DENY"]}}""", false)]
    [InlineData("""{"sign_up": []}""", false)]
    [InlineData("""{"memory": {"account": "true"}}""", false)]
    [InlineData("""{"memory": {"account": 1}}""", false)]
    [InlineData("""{"sing_up": {}}""", false)]
    [InlineData("""[]""", false)]
    [InlineData("""null""", false)]
    public void Judge_Document_IsThatOfTheReader(string json, bool good)
    {
        Assert.Equal(good, BySchema(json));
        Assert.Equal(good, ByReader(json));
    }

    [Fact]
    public void Judge_DocumentWithOneValueExchanged_IsThatOfTheReader()
    {
        var whole = PolicyFile.Read(Encoding.UTF8.GetBytes("""{"sign_up": {"tags": {"tor": {"weight": 1, "cap": "DENY"}}}, "reports": {"callers": {"a": true}}, "shadow": {"message": {"cap": "ALLOW"}}}"""));
        var leaves = PolicyKeys.Leaves(whole.Policy!).Where(leaf => !leaf.Path.Contains("thresholds", StringComparison.Ordinal) && !leaf.Path.Contains("prior.m", StringComparison.Ordinal)).ToArray();
        Gen<JsonNode?>[] values =
        [
            Gen.Double[-100, 100].Select(number => (JsonNode?)JsonValue.Create(number)),
            Gen.Int[-10, 1001].Select(number => (JsonNode?)JsonValue.Create(number)),
            Gen.OneOf("DENY", "ALLOW", "LOCAL", "true", "5m", "", "STANDING", "7d", ".5h", "h").Select(text => (JsonNode?)JsonValue.Create(text)),
            Gen.Bool.Select(flag => (JsonNode?)JsonValue.Create(flag)),
            Gen.OneOf("STANDING", "PRIOR", "NETWORK_BURST").Array[0, 3].Select(items => (JsonNode?)new JsonArray([.. items.Select(item => JsonValue.Create(item))])),
            Gen.Const((JsonNode?)null),
            Gen.Const(0).Select(_ => (JsonNode?)new JsonObject()),
        ];
        var verdicts = new HashSet<bool>();
        Gen.Select(Gen.OneOf(leaves), Gen.OneOf(values)).Sample(
            (leaf, value) =>
            {
                var document = PolicyDocument.Of(whole.Policy!);
                var at = leaf.Parts.SkipLast(1).Aggregate((JsonNode)document, (node, part) => node[part]!);
                at[leaf.Parts[^1]] = value?.DeepClone();
                var json = document.ToJsonString();
                var good = BySchema(json);
                Assert.True(good == ByReader(json), $"{leaf.Path}: {value?.ToJsonString() ?? "null"}");
                lock (verdicts)
                {
                    verdicts.Add(good);
                }
            },
            iter: 1000);
        Assert.Equal(2, verdicts.Count);
    }

    private static bool BySchema(string json) => Schema.Evaluate(System.Text.Json.JsonDocument.Parse(json).RootElement).IsValid;

    private static bool ByReader(string json) => PolicyFile.Read(Encoding.UTF8.GetBytes(json)).Policy is not null;
}
