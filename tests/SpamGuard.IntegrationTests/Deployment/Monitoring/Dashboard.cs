using System.Text.Json;

namespace SpamGuard.IntegrationTests.Deployment.Monitoring;

/// <summary>A dashboard of <c>k8s/components/monitoring/dashboards</c>, as Grafana reads it.</summary>
internal sealed class Dashboard
{
    private readonly JsonElement _root;

    /// <param name="path">Its file.</param>
    public Dashboard(string path)
    {
        Path = path;
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        _root = document.RootElement.Clone();
        Panels = [.. _root.GetProperty("panels").EnumerateArray().Where(static panel => panel.GetProperty("type").GetString() != "row").Select(panel => new DashboardPanel(Uid, panel))];
    }

    public string Path { get; }

    /// <summary>By which others link to it, and Grafana knows that a newer file is the same dashboard.</summary>
    public string Uid => _root.GetProperty("uid").GetString()!;

    /// <summary>All but its headings.</summary>
    public IReadOnlyList<DashboardPanel> Panels { get; }

    /// <summary>The names of its variables.</summary>
    public IEnumerable<string> Variables => List().Select(static variable => variable.GetProperty("name").GetString()!);

    /// <summary>The series that variables take their values from.</summary>
    public IEnumerable<string> VariableSeries => List().Where(static variable => variable.GetProperty("type").GetString() == "query")
        .Select(static variable => variable.GetProperty("query").GetProperty("query").GetString()!).Select(static query => query["label_values(".Length..query.LastIndexOf(',')]);

    /// <summary>Every uid of a datasource that it names.</summary>
    public IEnumerable<string> Datasources => Uids(_root);

    private JsonElement.ArrayEnumerator List() => _root.GetProperty("templating").GetProperty("list").EnumerateArray();

    private static IEnumerable<string> Uids(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(static member => member is { Name: "datasource", Value.ValueKind: JsonValueKind.Object } ? [member.Value.GetProperty("uid").GetString()!] : Uids(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Uids),
        _ => [],
    };
}
