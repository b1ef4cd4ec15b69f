using System.Globalization;

namespace SpamGuard.Desk.Transparency.Rendering;

/// <summary>Tables of figures.</summary>
internal static class FigureTable
{
    /// <summary>Begins a table in a region of its own, which scrolls where it is wider than the page.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="id">Its name in the page.</param>
    /// <param name="caption">What it shows.</param>
    /// <param name="words">The headings of the columns that come before the figures.</param>
    /// <param name="figures">Those of the figures.</param>
    public static void Begin(HtmlText html, string id, string caption, IEnumerable<string> words, IEnumerable<string> figures) => html
        .Add($"""
            <div class="scroll" role="region" aria-labelledby="{id}-caption" tabindex="0">
            <table id="{id}"><caption id="{id}-caption"><span>{caption}</span></caption>
            <thead><tr>
            """)
        .Each(words, static (html, heading) => html.Add($"""<th scope="col">{heading}</th>"""))
        .Each(figures, static (html, heading) => html.Add($"""<th scope="col" class="n">{heading}</th>"""))
        .Add($"</tr></thead>\n<tbody>\n");

    /// <summary>Ends it.</summary>
    public static void End(HtmlText html) => html.Add($"</tbody></table></div>\n");

    /// <summary>Adds the cells of some figures.</summary>
    public static HtmlText Cells<T>(HtmlText html, IReadOnlyList<FigureColumn<T>> columns, T figures) =>
        html.Each(columns, (html, column) => Cell(html, column.Of(figures)));

    /// <summary>Adds the cell of a figure; a dash where there is none.</summary>
    public static HtmlText Cell(HtmlText html, double? figure) =>
        html.Add($"""<td class="{(figure is null or 0 ? "n zero" : "n")}">{Text(figure)}</td>""");

    /// <summary>A figure as people read it: with commas at the thousands, and one decimal where it has any.</summary>
    public static string Text(double? figure) => figure?.ToString("#,0.#", CultureInfo.InvariantCulture) ?? "–";

    /// <summary>A name of the ledger as people read it: <c>child_exploitation</c> becomes <c>Child exploitation</c>.</summary>
    public static string Words(string name) =>
        name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..].Replace('_', ' ');
}
